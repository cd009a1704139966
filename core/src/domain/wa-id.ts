/**
 * One spelling for each WhatsApp id of a peer: no device part, `@c.us` for `@s.whatsapp.net`, and Brazilian mobile
 * numbers without the ninth digit, since WhatsApp writes the same number now with it and now without it.
 */
export function canonicalWaId(waId: string): string {
  const [user = '', server = ''] = waId.trim().toLowerCase().split('@', 2);
  const withoutDevice = user.replace(/[:.]\d+$/, '');
  if (server !== 'c.us' && server !== 's.whatsapp.net') return `${withoutDevice}@${server}`;
  // Area code, the ninth digit, then a number that was a mobile one before the ninth digit came (6 to 9).
  return `${withoutDevice.replace(/^(55[1-9]\d)9([6-9]\d{7})$/, '$1$2')}@c.us`;
}

/** WhatsApp's own name of an account, which tells no number. */
export function isHiddenId(waId: string): boolean {
  return waId.endsWith('@lid');
}

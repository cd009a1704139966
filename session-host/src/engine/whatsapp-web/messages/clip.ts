/** Of people and groups. WhatsApp's own limits are 25 and 100. */
export const maxNameLength = 200;

/**
 * A text as the store can take it. Content is encrypted from phone to phone, so WhatsApp's servers can't hold a changed
 * client to its limits; what is too large for an item would be refused for ever.
 */
export function clip(text: string, maxLength: number): string {
  return text.slice(0, maxLength).toWellFormed();
}

/** Undefined for an empty text and for what is no text. */
export function clipped(text: unknown, maxLength: number): string | undefined {
  const kept = typeof text === 'string' ? clip(text.trim(), maxLength) : '';
  return kept === '' ? undefined : kept;
}

/** `5511987654321` → `+55 11 98765-4321`; other countries keep their digits together. */
export function formatNumber(number: string): string {
  const brazilian = /^55(\d{2})(\d{4,5})(\d{4})$/.exec(number);
  return brazilian ? `+55 ${brazilian[1]} ${brazilian[2]}-${brazilian[3]}` : `+${number}`;
}

/** Hour and minute of a Unix time in seconds. */
export function formatTime(seconds: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(seconds * 1000);
}

/** Day and time of a Unix time in milliseconds. */
export function formatMoment(milliseconds: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'short' }).format(milliseconds);
}

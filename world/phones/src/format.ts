const dayMs = 86_400_000;

/** `5511987654321` → `+55 11 98765-4321`; other countries keep their digits together. */
export function formatNumber(number: string): string {
  const brazilian = /^55(\d{2})(\d{4,5})(\d{4})$/.exec(number);
  return brazilian ? `+55 ${brazilian[1]} ${brazilian[2]}-${brazilian[3]}` : `+${number}`;
}

/** Hour and minute of a Unix time in seconds. */
export function formatTime(seconds: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(seconds * 1000);
}

/** The hour today, the date before. Unix time in seconds. */
export function formatRecent(seconds: number, locale: string): string {
  if (daysAgo(seconds) === 0) return formatTime(seconds, locale);
  return new Intl.DateTimeFormat(locale, { day: '2-digit', month: '2-digit' }).format(seconds * 1000);
}

/** "Today", "Yesterday" or the date. Unix time in seconds. */
export function formatDay(seconds: number, locale: string): string {
  const days = daysAgo(seconds);
  const text =
    days < 2
      ? new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-days, 'day')
      : new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(seconds * 1000);
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}

/** Day and time of a Unix time in milliseconds. */
export function formatMoment(milliseconds: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'short' }).format(milliseconds);
}

export function formatSize(bytes: number, locale: string): string {
  const [value, unit] = bytes < 1e6 ? [Math.ceil(bytes / 1e3), 'kilobyte'] : [bytes / 1e6, 'megabyte'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: 1 }).format(value);
}

/** One or two letters for a picture: `Clínica da Ana` → `CA`. */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  const [first, last] = [words[0], words.length > 1 ? words.at(-1) : undefined];
  return `${first?.charAt(0) ?? '#'}${last?.charAt(0) ?? ''}`.toLocaleUpperCase();
}

function daysAgo(seconds: number): number {
  const [then, now] = [new Date(seconds * 1000), new Date()];
  return Math.round((now.setHours(0, 0, 0, 0) - then.setHours(0, 0, 0, 0)) / dayMs);
}

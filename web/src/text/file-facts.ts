import type { FileFacts } from '@top-active/core/contracts';

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** How long a file plays and how large it is: `0:07 · 34 kB`. Empty when neither is known. */
export function fileFacts(file: FileFacts | undefined, locale: string): string {
  const facts = [];
  if (file?.seconds !== undefined) facts.push(playingTime(file.seconds));
  if (file?.bytes !== undefined) facts.push(fileSize(file.bytes, locale));
  return facts.join(' · ');
}

/** `1:02:07`, `2:07`, `0:07`. */
export function playingTime(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${twoDigits(rest)}` : `${minutes}:${twoDigits(rest)}`;
}

/** Decimal units, as phones and browsers count: `34 kB`, `1,2 MB`. */
export function fileSize(bytes: number, locale: string): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  const maximumFractionDigits = power > 1 && value < 10 ? 1 : 0;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[power],
    unitDisplay: 'short',
    maximumFractionDigits,
  }).format(value);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

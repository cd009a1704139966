import type { Locale } from '@top-active/core/contracts';
import type { Context } from 'hono';

/** Language of a page: `hl` when given, otherwise the first of the browser's languages that is known here. */
export function localeOf(c: Context): Locale {
  const asked = c.req.query('hl') ?? c.req.header('accept-language') ?? '';
  for (const language of asked.split(',')) {
    const tag = language.trim().toLowerCase();
    if (tag.startsWith('pt')) return 'pt-BR';
    if (tag.startsWith('en')) return 'en';
  }
  return 'pt-BR';
}

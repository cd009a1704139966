import { createHash } from 'node:crypto';
import type { SuggestionId } from '@top-active/core/contracts';

/**
 * Id of the calendar event of a suggestion: always the same, so that a booking tried again is the same booking. Google
 * allows the digits of base32hex, of which hexadecimal is a part.
 * https://developers.google.com/workspace/calendar/api/v3/reference/events/insert
 */
export function eventIdOf(suggestionId: SuggestionId): string {
  return `ta${createHash('sha256').update(suggestionId).digest('hex').slice(0, 40)}`;
}

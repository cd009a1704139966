import type { MessageRow } from './mailboxes.ts';

/** Attributes of a message's kind, as they are stored. */
export function readExtra(row: MessageRow): Record<string, unknown> {
  const extra: Record<string, unknown> = JSON.parse(row.extra);
  return extra;
}

/** The texts of a poll's options; none where it is no poll. */
export function optionsOf(row: MessageRow): string[] {
  const { pollOptions } = readExtra(row);
  if (!Array.isArray(pollOptions)) return [];
  return pollOptions.map((option: { name?: unknown } | null) => (typeof option?.name === 'string' ? option.name : ''));
}

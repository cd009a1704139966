import type { Gap, Message } from '@top-active/core/contracts';

export type ThreadRow =
  | { type: 'day'; key: string; instant: string }
  /**
   * Before the first message of a time when nobody listened; where none of it could be fetched, after the last one
   * before.
   */
  | { type: 'gap'; key: string; gap: Gap }
  | { type: 'message'; key: string; message: Message; /** Of a run by the same person. */ first: boolean };

/**
 * The thread as it is read: a line before each new day and each gap that was filled, messages of one person in a row
 * kept together.
 */
export function threadRows(messages: readonly Message[], dayKey: (instant: string) => string): ThreadRow[] {
  const rows: ThreadRow[] = [];
  let day: string | undefined;
  let writer: string | undefined;

  for (const message of messages) {
    const key = dayKey(message.sentAt);
    if (key !== day) rows.push({ type: 'day', key, instant: message.sentAt });
    const gap = message.gap && ({ type: 'gap', key: `gap ${message.id}`, gap: message.gap } as const);
    const isBefore = gap !== undefined && gap.gap.messages > 0;
    if (isBefore) rows.push(gap);
    const by = message.author === 'customer' ? (message.sender?.id ?? 'customer') : 'owner';
    rows.push({
      type: 'message',
      key: message.id,
      message,
      first: key !== day || isBefore || by !== writer,
    });
    if (gap && !isBefore) rows.push(gap);
    day = key;
    writer = gap && !isBefore ? undefined : by;
  }
  return rows;
}

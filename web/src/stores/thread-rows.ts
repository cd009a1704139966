import type { Message } from '@top-active/core/contracts';

export type ThreadRow =
  | { type: 'day'; key: string; instant: string }
  | { type: 'message'; key: string; message: Message; /** Of a run by the same side. */ first: boolean };

/** The thread as it is read: a line before each new day, messages of one side in a row kept together. */
export function threadRows(messages: readonly Message[], dayKey: (instant: string) => string): ThreadRow[] {
  const rows: ThreadRow[] = [];
  let day: string | undefined;
  let side: boolean | undefined;

  for (const message of messages) {
    const key = dayKey(message.sentAt);
    if (key !== day) rows.push({ type: 'day', key, instant: message.sentAt });
    const mine = message.author !== 'customer';
    rows.push({ type: 'message', key: message.id, message, first: key !== day || mine !== side });
    day = key;
    side = mine;
  }
  return rows;
}

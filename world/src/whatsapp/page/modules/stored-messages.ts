import { MsgKey, type Wid } from '../ids.ts';
import type { Modules } from '../registry.ts';
import type { ModuleContext } from './module-context.ts';

interface Question {
  /** A message, or `{ remote }` alone: from the newest. */
  anchor: MsgKey | { remote: Wid };
  count: number;
  direction?: 'before' | 'after';
}

/** Rows of the page's database, oldest first: data of messages, not the models that the collections hold. */
export function storedMessageModules({ app, inbox }: ModuleContext): Modules {
  const { wire, collections } = app;

  async function find({ anchor, count, direction = 'before' }: Question): Promise<object[]> {
    const at = anchor instanceof MsgKey ? await positionOf(anchor) : null;
    const question = { chat: anchor.remote.toString(), before: at, limit: Math.min(count, 200), direction };
    const { messages } = await wire.request('history', question);
    return messages.map((message) => inbox.dataOf(message));
  }

  async function positionOf(key: MsgKey): Promise<{ t: number; seq: number }> {
    const { messages } = await collections.Msg.getMessagesById([key.toString()]);
    const [message] = messages;
    if (message === undefined) throw new Error(`There is no message ${key.id}.`);
    return { t: message.t, seq: message.rowId };
  }

  return {
    WAWebDBMessageFindLocal: {
      msgFindByDirection: async (question: Question) => ({ status: 200, messages: await find(question) }),
      msgFindBefore: (question: Question) => find({ ...question, direction: 'before' }),
      msgFindAfter: (question: Question) => find({ ...question, direction: 'after' }),
    },
  };
}

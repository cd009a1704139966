import type { Tenant } from '@top-active/aws';
import { keys } from '@top-active/aws/items/keys';
import { instantSchema, messageIdSchema } from '@top-active/core/contracts';
import { z } from 'zod';

export interface HistoryOptions {
  tenant: Pick<Tenant, 'items'>;
  chatId: string;
  /** Messages to add, all older than those that are there. */
  messages: number;
}

const modelSchema = z.looseObject({ id: messageIdSchema, sentAt: instantSchema, stanzaId: z.string() });
type Model = z.infer<typeof modelSchema>;

const parallel = 8;

/**
 * Puts old messages into a chat, past the event log: copies of its oldest one, each a second before the other, and each
 * sealed in its own place. Each is as long as the one that it copies, so that a page costs what it did.
 */
export async function growHistory({ tenant, chatId, messages }: HistoryOptions): Promise<void> {
  const [oldest] = await tenant.items.query({ prefix: keys.messagesOf(chatId), limit: 1 }, modelSchema);
  if (!oldest) throw new Error('The chat has no message to copy');
  const first = Math.floor(Date.parse(oldest.sentAt) / 1000) - messages - 1;
  for (let from = 0; from < messages; from += parallel)
    await Promise.all(
      Array.from({ length: Math.min(parallel, messages - from) }, (_, i) =>
        putCopy(tenant, oldest, { chatId, second: first + from + i }),
      ),
    );
}

/** Without the item that finds it by WhatsApp's own id: that one is only ever read by its whole key. */
async function putCopy(
  { items }: Pick<Tenant, 'items'>,
  model: Model,
  { chatId, second }: { chatId: string; second: number },
): Promise<void> {
  const order = String(second * 1000).padStart(13, '0');
  const id = `${order}-${String(second).padStart(model.id.length - order.length - 1, '0')}`;
  const stanzaId = String(second).padStart(model.stanzaId.length, '0');
  const item = { ...model, id, stanzaId, sentAt: new Date(second * 1000).toISOString() };
  await items.write({ kind: 'put', sk: keys.message(chatId, id), item });
}

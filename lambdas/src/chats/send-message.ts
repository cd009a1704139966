import type { Tenant } from '@top-active/aws';
import type { ChatId, Outgoing } from '@top-active/core/contracts';
import { AppError } from '@top-active/core/errors';
import { createHash } from 'node:crypto';
import { requireLinked } from './require-linked.ts';

/**
 * Stores the command that sends a text.
 * @throws {AppError} `chat_not_found`, `whatsapp_not_linked`, `idempotency_key_reused`; nothing is stored then
 */
export async function sendMessage(
  { chatId, text, idempotencyKey }: { chatId: ChatId; text: string; idempotencyKey: string | undefined },
  tenant: Tenant,
): Promise<Outgoing> {
  const { id } = await tenant.commands.create({
    // Not asked for a repetition: what was taken once gets the same answer, whatever has happened since.
    command: async () => {
      const { primaryWaId } = await tenant.chats.require(chatId);
      await requireLinked(tenant);
      return { kind: 'message.send', chatId, to: primaryWaId, text, author: 'owner' };
    },
    ...(idempotencyKey !== undefined && {
      idempotencyKey,
      requestHash: createHash('sha256').update(`${chatId}\n${text}`).digest('hex'),
    }),
  });
  const record = await tenant.commands.get(id);
  if (record?.command.kind !== 'message.send') throw new AppError('conflict');
  return {
    id,
    chatId,
    state: record.state,
    text: record.command.text,
    author: record.command.author,
    createdAt: record.createdAt,
    messageId: record.messageId,
    failure: record.failure,
  };
}

import { invalidField, type ChatRecord, type Tenant } from '@top-active/aws';
import type { ChatId, UpdateChatRequest } from '@top-active/core/contracts';

/**
 * Changes what the request names. Reading is told to WhatsApp too, so that the customer sees it.
 * @throws {AppError} `chat_not_found`; `invalid_request` for an assistant in a group, where it does nothing
 */
export async function updateChat(
  { chatId, change }: { chatId: ChatId; change: UpdateChatRequest },
  tenant: Tenant,
): Promise<ChatRecord> {
  let chat = await tenant.chats.require(chatId);
  if (change.assistantMode === 'suggest' && chat.isGroup)
    throw invalidField({
      field: 'assistantMode',
      message: 'cannot be switched on in a group',
      remedy: 'The assistant serves conversations with one person. Leave it off in groups.',
    });
  if (change.assistantMode) chat = await tenant.chats.setAssistantMode(chatId, change.assistantMode);
  if (change.read) {
    const read = await tenant.chats.markRead(chatId);
    chat = read.chat;
    if (read.changed) await tenant.commands.create({ command: { kind: 'chat.seen', chatId } });
  }
  return chat;
}

import type { ChatId } from '@top-active/core/contracts';
import type { MessageStore } from '@top-active/aws';
import type { InboundEvent } from './inbound-event.ts';

/** What has become another of a message that came before. */
export type AmendmentEvent = Exclude<InboundEvent, { type: 'message' | 'unread' }>;

/** @returns whether the chat has this message */
export async function amendMessage(
  messages: MessageStore,
  { chatId, event }: { chatId: ChatId; event: AmendmentEvent },
): Promise<boolean> {
  const direction = event.type === 'delivery' || event.fromMe ? 'out' : 'in';
  const ref = { chatId, stanzaId: event.stanzaId, direction } as const;
  switch (event.type) {
    case 'delivery':
      return (await messages.updateDelivery({ ...ref, delivery: event.delivery, failure: event.failure })).found;
    case 'edit':
      return (await messages.editMessage({ ...ref, text: event.text })).found;
    case 'revoke':
      return (await messages.revokeMessage(ref)).found;
    case 'reaction':
      return (await messages.react({ ...ref, reaction: event.reaction })).found;
    case 'poll':
      return (await messages.updatePoll({ ...ref, poll: event.poll })).found;
    default:
      return event satisfies never;
  }
}

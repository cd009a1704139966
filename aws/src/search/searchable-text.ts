import { maxMessageLength } from '@top-active/core/contracts';
import { foldText } from '@top-active/core/domain';
import type { MessageRecord } from '../stores/message-schema.ts';

/** Everything in a message that somebody may look for, folded. Nothing of one that was deleted or isn't sent yet. */
export function searchableText(message: MessageRecord): string {
  if (message.kind === 'revoked' || message.plannedFor !== undefined || message.damaged) return '';
  const { text, file, place, contacts = [], poll } = message;
  const words = [
    text,
    file?.name,
    place?.name,
    place?.address,
    ...contacts.flatMap(({ name, phones }) => [name, ...phones]),
    poll?.question,
    ...(poll?.options.map((option) => option.text) ?? []),
  ];
  return foldText(words.filter((word) => word !== undefined).join(' ')).slice(0, maxMessageLength);
}

import { useI18n } from 'vue-i18n';
import type { Message } from './api.ts';
import { pollOf } from './poll.ts';

/** A message in one line: its text, or the name of its kind and what it is about. */
export function useMessageText(): (message: Message) => string {
  const i18n = useI18n();
  return (message) => {
    const { type } = message;
    if (type === 'revoked') return i18n.t('message.revoked');
    if (type === 'chat') return message.text;
    const kind = i18n.te(`kind.${type}`) ? i18n.t(`kind.${type}`) : i18n.t('kind.other', { type });
    const words = wordsOf(message);
    return words === '' ? kind : `${kind}: ${words}`;
  };
}

function wordsOf(message: Message): string {
  const { type, text, extra } = message;
  if (type === 'poll_creation') return pollOf(message).question;
  if (type === 'location') return typeof extra.loc === 'string' ? extra.loc.replace('\n', ', ') : '';
  if (type === 'vcard') return typeof extra.vcardFormattedName === 'string' ? extra.vcardFormattedName : '';
  if (type === 'multi_vcard') return '';
  return text;
}

import { useI18n } from 'vue-i18n';
import type { Message } from './api.ts';

/** A message in one line: its text, or the name of its kind. */
export function useMessageText(): (message: Message) => string {
  const { t } = useI18n();
  return ({ type, text }) => {
    if (type === 'revoked') return t('message.revoked');
    if (type === 'chat') return text;
    return text ? `${t(`kind.${type}`)}: ${text}` : t(`kind.${type}`);
  };
}

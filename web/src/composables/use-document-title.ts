import { watchEffect } from 'vue';
import { useRoute } from 'vue-router';
import { useText } from '../i18n/i18n.ts';
import { useChatsStore } from '../stores/chats.ts';

/** `(2) Conversas · Top Active`: the number of chats with something unread, where one is looking. */
export function useDocumentTitle(): void {
  const route = useRoute();
  const chats = useChatsStore();
  const { t } = useText();

  watchEffect(() => {
    const unread = chats.unread > 0 ? `(${chats.unread}) ` : '';
    const page = route.meta.title ? `${t(route.meta.title)} · ` : '';
    document.title = `${unread}${page}${t('common.appName')}`;
  });
}

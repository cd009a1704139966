import { onMounted } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { useText } from '../i18n/i18n.ts';
import { useNotices } from './use-notices.ts';

/**
 * Whoever has just deleted their account arrives at `/entrar?conta=excluida`: told once, then gone from the address.
 */
export function useErasedNotice(): void {
  const route = useRoute();
  const router = useRouter();
  const notices = useNotices();
  const { t } = useText();

  onMounted(async () => {
    if (route.query['conta'] !== 'excluida') return;
    notices.good(t('settings.erase.begun'));
    await router.replace({ query: { ...route.query, conta: undefined } });
  });
}

import { onScopeDispose, ref } from 'vue';
import { useNotices } from './use-notices.ts';
import { useText } from '../i18n/i18n.ts';

/** Copies to the clipboard and says so for two seconds. */
export function useCopy() {
  const copied = ref(false);
  const notices = useNotices();
  const { t } = useText();
  let timer: ReturnType<typeof setTimeout> | undefined;
  onScopeDispose(() => clearTimeout(timer));

  async function copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      notices.bad(t('common.copyRefused'));
      return;
    }
    copied.value = true;
    clearTimeout(timer);
    timer = setTimeout(() => (copied.value = false), 2_000);
  }

  return { copied, copy };
}

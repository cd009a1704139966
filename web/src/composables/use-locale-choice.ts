import type { Locale } from '@top-active/core/contracts';
import { useServices } from '../services.ts';
import { useMeStore } from '../stores/me.ts';
import { useNotices } from './use-notices.ts';

/** Changes the language of the screen at once and, when signed in, of the account. */
export function useLocaleChoice() {
  const { i18n } = useServices();
  const me = useMeStore();
  const notices = useNotices();

  async function choose(locale: Locale): Promise<void> {
    await i18n.use(locale);
    if (me.me && me.me.locale !== locale) await notices.guard(() => me.update({ locale }));
  }

  return { choose };
}

import { computed } from 'vue';
import { useRoute } from 'vue-router';
import { useText } from '../../i18n/i18n.ts';
import { useChatsStore } from '../../stores/chats.ts';
import { useSetupStore } from '../../stores/setup.ts';

export interface NavItem {
  to: string;
  label: string;
  short: string;
  icon: string;
  active: boolean;
  /** Shown beside the icon, told in words by `badgeLabel`. */
  badge?: string | undefined;
  badgeLabel?: string | undefined;
}

/** The three places of the app, for the side and the bottom bar. */
export function useNavItems() {
  const { t, tn } = useText();
  const route = useRoute();
  const chats = useChatsStore();
  const setup = useSetupStore();

  return computed<NavItem[]>(() => [
    {
      to: '/conversas',
      label: t('common.nav.conversations'),
      short: t('common.nav.conversations'),
      icon: 'i-lucide-messages-square',
      active: route.name === 'inbox',
      badge: chats.unread > 0 ? String(chats.unread) : undefined,
      badgeLabel: tn('common.nav.unread', chats.unread),
    },
    {
      to: '/',
      label: t('common.nav.firstSteps'),
      short: t('common.nav.firstStepsShort'),
      icon: 'i-lucide-sprout',
      active: route.name === 'steps',
      badge: setup.credentials && setup.whatsapp && setup.done < 3 ? `${setup.done}/3` : undefined,
      badgeLabel: t('common.nav.stepsDone', { done: setup.done, total: 3 }),
    },
    {
      to: '/configuracoes',
      label: t('common.nav.settings'),
      short: t('common.nav.settingsShort'),
      icon: 'i-lucide-settings-2',
      active: route.name === 'settings',
    },
  ]);
}

import { computed } from 'vue';
import type { WhatsAppStatus } from '@top-active/core/contracts';
import { useText } from '../i18n/i18n.ts';
import { linkTroubles, type LinkTrouble } from '../text/link-trouble.ts';
import { useDates } from './use-dates.ts';

/** What doesn't come through between WhatsApp and this app, in words, the gravest first. */
export function useLinkTroubles(status: () => WhatsAppStatus | undefined) {
  const { t, locale } = useText();
  const { dateTime } = useDates();

  function words(trouble: LinkTrouble): string {
    switch (trouble.what) {
      case 'unreachable':
        return t('common.link.unreachable', { when: dateTime(trouble.since) });
      case 'reception':
        return t(`common.link.reception.${trouble.state}`, { when: dateTime(trouble.since) });
      case 'missing': {
        const list = new Intl.ListFormat(locale.value, { type: 'conjunction' });
        const what = list.format(trouble.capabilities.map((name) => t(`common.link.capability.${name}`)));
        if (trouble.since === undefined) return t('common.link.missing', { what });
        return t('common.link.missingSince', { what, when: dateTime(trouble.since) });
      }
      case 'restriction': {
        const { kind, level, until, quota } = trouble.restriction;
        const end = until === undefined ? t('common.link.noEnd') : t('common.link.until', { when: dateTime(until) });
        if (!quota) return t(`common.link.${kind}.${level}`, { end });
        const left = Math.max(0, quota.total - quota.used);
        const known = { end, left: String(left), total: String(quota.total) };
        // What is left has an end only where one is known; a restriction lasts in any case.
        if (level === 'warning' && until !== undefined) return t(`common.link.${kind}.warningQuotaUntil`, known);
        return t(`common.link.${kind}.${level}Quota`, known);
      }
      default:
        return trouble satisfies never;
    }
  }

  return computed(() => {
    const now = status();
    return now ? linkTroubles(now).map(words) : [];
  });
}

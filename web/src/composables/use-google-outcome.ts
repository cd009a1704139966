import { googleOutcomes, type GoogleOutcome } from '@top-active/core/contracts';
import { onMounted } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { useText } from '../i18n/i18n.ts';
import { useNotices } from './use-notices.ts';

/** Google's consent page comes back to `/?google=<outcome>`: told once, then gone from the address. */
export function useGoogleOutcome(): void {
  const route = useRoute();
  const router = useRouter();
  const notices = useNotices();
  const { t } = useText();

  onMounted(async () => {
    const outcome = googleOutcomes.find((known) => known === route.query['google']);
    if (outcome) tell(outcome);
    if ('google' in route.query) await router.replace({ query: { ...route.query, google: undefined } });
  });

  function tell(outcome: GoogleOutcome): void {
    const text = t(`setup.google.outcome.${outcome}`);
    if (outcome === 'connected') notices.good(text);
    else notices.bad(text);
  }
}

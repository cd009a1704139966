import { computed } from 'vue';
import { useText } from '../i18n/i18n.ts';
import { useSetupStore } from '../stores/setup.ts';
import { useDates } from './use-dates.ts';

/**
 * Why the assistant can't write with the OpenAI key, or soon can't, in a sentence with its remedy. Undefined: all is
 * well, or there is no key. The route of a page that tells it names the texts `openAi`.
 */
export function useOpenAiTrouble() {
  const { t } = useText();
  const { dateTime, day } = useDates();
  const setup = useSetupStore();

  return computed(() => {
    const key = setup.openAi;
    if (!key) return undefined;
    if (key.state === 'invalid') return t('openAi.invalid');
    if (key.problem) {
      const { kind, model, retryAt } = key.problem;
      return `${t(`openAi.problem.${kind}`, { model })} ${t('openAi.triesAgain', { when: dateTime(retryAt) })}`;
    }
    return key.modelEnds && t('openAi.modelEnds', { model: key.modelEnds.model, day: day(key.modelEnds.on) });
  });
}

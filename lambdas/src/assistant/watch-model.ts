import { logger, metrics, type KnownModels } from '@top-active/aws';
import type { Credential } from '@top-active/core/contracts';
import { daysUntil, lookUpModel, warnOwnersDays } from '../openai/model-shutdown.ts';
import { createOpenAi } from '../openai/openai-client.ts';

const keepMs = 6 * 3600_000;
const timeoutMs = 5_000;

export interface ModelWatch {
  /**
   * Asks OpenAI, at most every six hours in this process, when it shuts the model down; tells the operator, and answers
   * what owners are to be told.
   * Never fails. Undefined: nothing is known, since the key may not read models or the call failed.
   */
  look(key: string): Promise<Pick<Credential, 'modelEnds'> | undefined>;
  /** OpenAI doesn't have the model: told to the operator at once. */
  gone(): Promise<void>;
}

export interface ModelWatchDeps {
  models: KnownModels;
  openAi: { baseUrl: string; model: string };
  now: () => number;
}

export function createModelWatch({ models, openAi: { baseUrl, model }, now }: ModelWatchDeps): ModelWatch {
  let seen: { at: number; shutdownDate?: string | undefined } | undefined;

  async function note(available: boolean, shutdownDate?: string): Promise<void> {
    const checkedAt = new Date(now()).toISOString();
    try {
      await models.note({ model, available, ...(shutdownDate && { shutdownDate }), checkedAt });
    } catch (error) {
      logger.error('OpenAI’s statement about the model could not be stored', { model }, error);
    }
  }

  return {
    async look(key) {
      if (!seen || now() - seen.at > keepMs) {
        const found = await lookUpModel(createOpenAi({ key, baseUrl, timeoutMs, maxRetries: 0 }), model);
        if (found.available) {
          seen = { at: now(), shutdownDate: found.shutdownDate };
          await note(true, found.shutdownDate);
        } else logger.info('The model could not be looked up', { model, failure: found.failure });
      }
      if (!seen) return undefined;
      if (seen.shutdownDate === undefined) return {};
      const days = daysUntil(seen.shutdownDate, now());
      metrics.emit('ModelShutdownDays', days);
      return days < warnOwnersDays ? { modelEnds: { model, on: seen.shutdownDate } } : {};
    },
    async gone() {
      metrics.emit('ModelGone');
      logger.error('OpenAI does not offer the model that this deployment names', { model });
      await note(false);
    },
  };
}

import { logger } from '@top-active/aws';
import type { Credential } from '@top-active/core/contracts';
import { AppError } from '@top-active/core/errors';

/** What is known of a key before it has written anything. */
export type CheckedKey = Pick<Credential, 'problem' | 'modelEnds'>;

const retryAfterMs = 3600_000;

/**
 * Asks OpenAI for the model in use, which costs nothing: whether it takes the key, and when the model ends. A key that
 * OpenAI knows is good, also where it serves it only once credit, a permission or the model is there: then the answer
 * says what is missing.
 * @throws {AppError} `openai_key_invalid`, `openai_key_elsewhere`, `openai_region_refused`, `openai_key_unusable`,
 * `openai_unreachable`
 */
export async function checkOpenAiKey(
  key: string,
  { baseUrl, model, now }: { baseUrl: string; model: string; now: number },
): Promise<CheckedKey> {
  // Only here: whoever opens the app waits for a cold start that has no use for the client.
  const [{ createOpenAi }, { daysUntil, lookUpModel, warnOwnersDays }] = await Promise.all([
    import('../openai/openai-client.ts'),
    import('../openai/model-shutdown.ts'),
  ]);
  const found = await lookUpModel(createOpenAi({ key, baseUrl, timeoutMs: 6_000, maxRetries: 1 }), model);
  if (found.available) {
    const { shutdownDate: on } = found;
    return on && daysUntil(on, now) < warnOwnersDays ? { modelEnds: { model, on } } : {};
  }
  const { failure } = found;
  // OpenAI's own words may quote a part of the key: only the kind of the failure is kept.
  logger.info('OpenAI did not tell of the model', { failure });
  const problem = (kind: NonNullable<Credential['problem']>['kind']): CheckedKey => {
    const retryAt = new Date(now + retryAfterMs).toISOString();
    return { problem: { kind, since: new Date(now).toISOString(), retryAt, model } };
  };
  switch (failure) {
    case 'restricted':
      // It may be let write and not look at models: the first reply finds out.
      return {};
    case 'no_credit':
    case 'model_not_allowed':
    case 'model_gone':
      return problem(failure);
    case 'key_refused':
      throw refusal('openai_key_invalid', 'key is not known to OpenAI');
    case 'wrong_host':
      throw refusal('openai_key_elsewhere', 'key belongs to a project whose data stays in another region');
    case 'region':
      throw refusal('openai_region_refused', 'key cannot be used from where this deployment runs');
    case 'not_allowed':
      throw refusal('openai_key_unusable', 'key cannot be used: its account refuses it');
    default:
      throw new AppError('openai_unreachable');
  }
}

function refusal(
  code: 'openai_key_invalid' | 'openai_key_elsewhere' | 'openai_region_refused' | 'openai_key_unusable',
  message: string,
) {
  const { remedy } = new AppError(code);
  return new AppError(code, { errors: [{ field: 'key', message, remedy }] });
}

import { logger } from '@top-active/aws';
import { refuse } from '../http/refuse.ts';

/**
 * Asks OpenAI whether it takes the key, in a way that costs nothing.
 * @throws {AppError} `openai_key_invalid`, `openai_key_unusable`, `openai_unreachable`
 */
export async function checkOpenAiKey(key: string, baseUrl: string): Promise<void> {
  // Only here: whoever opens the app waits for a cold start that has no use for the client.
  const [{ createOpenAi }, { openAiFailureOf }] = await Promise.all([
    import('../openai/openai-client.ts'),
    import('../openai/openai-failure.ts'),
  ]);
  const openai = createOpenAi({ key, baseUrl, timeoutMs: 6_000, maxRetries: 1 });
  try {
    await openai.models.list();
  } catch (error) {
    const failure = openAiFailureOf(error);
    // OpenAI's own words may quote a part of the key: only the kind of the failure is kept.
    logger.info('OpenAI key refused', { failure });
    if (failure === 'key_refused') throw refusal('openai_key_invalid', 'key is not known to OpenAI');
    if (failure === 'key_unusable')
      throw refusal('openai_key_unusable', 'key cannot be used: credit or permission is missing');
    throw refuse('openai_unreachable');
  }
}

function refusal(code: 'openai_key_invalid' | 'openai_key_unusable', message: string) {
  const { remedy } = refuse(code);
  return refuse(code, { errors: [{ field: 'key', message, remedy }] });
}

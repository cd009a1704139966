import { logger, metrics, type Tenant } from '@top-active/aws';
import type { AssistantJob } from '@top-active/core/contracts';
import { PermanentError } from '@top-active/core/errors';
import { openAiFailureOf } from '../openai/openai-failure.ts';
import type { AssistantDeps } from './assistant-deps.ts';
import { historyMessages } from './conversation.ts';
import { reasonToSkip } from './reason-to-skip.ts';
import { writeReply } from './write-reply.ts';

export type SuggestJob = Extract<AssistantJob, { type: 'suggest' }>;

/**
 * Writes a suggestion for the newest message of a chat, unless there is nothing to suggest any more. A key that OpenAI
 * refuses is noted, which the owner sees, and not tried again.
 * @throws what may pass (the queue delivers again) and PermanentError
 */
export async function suggestReply(job: SuggestJob, deps: AssistantDeps): Promise<void> {
  const begun = deps.now();
  const tenant = await deps.tenants.for(job.userId);
  const skip = await reasonToSkip(job, tenant);
  if (skip) return logger.info('Nothing to suggest', { reason: skip });
  const owner = await tenant.profile.get();
  const key = await tenant.credentials.open('openai');
  if (!owner || key?.credential.state !== 'valid')
    return logger.info('Nothing to suggest', { reason: 'no_usable_key' });
  const { items: messages } = await tenant.messages.page({ chatId: job.chatId, limit: historyMessages });
  const usage = { inputTokens: 0, outputTokens: 0 };
  try {
    const { text, appointment, ...origin } = await writeReply(
      { tenant, owner, key: key.secret, messages, usage },
      deps,
    );
    if (text === '') return logger.warn('The model had nothing to say');
    const answer = { chatId: job.chatId, answers: job.messageId, text, appointment, ...origin, usage };
    const outcome = await tenant.suggestions.create(answer);
    if (!outcome.created) return logger.info('Suggestion came too late', { reason: outcome.reason });
    metrics.emit('Suggestions');
    metrics.emit('SuggestionTime', deps.now() - begun);
    logger.info('Suggestion written', { hasAppointment: appointment !== undefined });
  } catch (error) {
    await handleFailure(error, tenant);
  } finally {
    if (usage.inputTokens > 0) await tenant.usage.add(usage);
  }
}

async function handleFailure(error: unknown, tenant: Tenant): Promise<void> {
  const failure = openAiFailureOf(error);
  if (failure === 'refused' || failure === 'key_refused' || failure === 'key_unusable') metrics.emit('ModelRefusals');
  if (failure === 'refused') throw new PermanentError('OpenAI refused the request', { cause: error });
  if (failure !== 'key_refused' && failure !== 'key_unusable') throw error;
  logger.warn('OpenAI refused the key', { failure });
  await tenant.credentials.setState('openai', 'invalid');
}

import { logger, metrics } from '@top-active/aws';
import type { Credential } from '@top-active/core/contracts';
import type { AssistantDeps } from './assistant-deps.ts';
import { historyMessages } from './conversation.ts';
import { noteFailure } from './note-failure.ts';
import { reasonToSkip } from './reason-to-skip.ts';
import type { SuggestJob } from './suggest-job.ts';
import { writeReply } from './write-reply.ts';

/**
 * Writes a suggestion for the newest message of a chat, unless there is nothing to suggest any more. Where OpenAI
 * refuses, or the model says nothing that can be proposed, the owner is told why.
 * @throws what may pass (the queue delivers again) and PermanentError
 */
export async function suggestReply(
  job: SuggestJob,
  deps: AssistantDeps,
  { attempt }: { attempt: number },
): Promise<void> {
  const begun = deps.now();
  const tenant = await deps.tenants.for(job.userId);
  const skip = await reasonToSkip(job, tenant);
  if (skip) return logger.info('Nothing to suggest', { reason: skip });
  const owner = await tenant.profile.get();
  const key = await tenant.credentials.open('openai');
  if (!owner || key?.credential.state !== 'valid')
    return logger.info('Nothing to suggest', { reason: 'no_usable_key' });
  const { model } = deps.openAi;
  const { credential } = key;
  if (isWaiting(credential, { model, now: begun }))
    return logger.info('Nothing to suggest', { reason: 'refused_lately', problem: credential.problem?.kind });
  const { items: messages } = await tenant.messages.page({ chatId: job.chatId, limit: historyMessages });
  const usage = { inputTokens: 0, outputTokens: 0 };
  try {
    const [{ text, appointment, ...origin }, seen] = await Promise.all([
      writeReply({ tenant, owner, key: key.secret, messages, usage }, deps),
      deps.watch.look(key.secret),
    ]);
    await tenant.credentials.note('openai', { modelEnds: seen ? seen.modelEnds : credential.modelEnds });
    const madeFrom = messages.filter(({ kind }) => kind !== 'revoked').map(({ id }) => id);
    const answer = { chatId: job.chatId, answers: job.messageId, madeFrom, text, appointment, ...origin, usage };
    const outcome = await tenant.suggestions.create(answer);
    if (!outcome.created) return logger.info('Suggestion came too late', { reason: outcome.reason });
    metrics.emit('Suggestions');
    metrics.emit('SuggestionTime', deps.now() - begun);
    logger.info('Suggestion written', { hasAppointment: appointment !== undefined });
  } catch (error) {
    await noteFailure(error, { job, tenant, attempt, model, watch: deps.watch, now: deps.now });
  } finally {
    if (usage.inputTokens > 0) await tenant.usage.add(usage);
  }
}

/** OpenAI has refused this key lately, for a reason that may pass; another model is another question. */
function isWaiting({ problem }: Credential, { model, now }: { model: string; now: number }): boolean {
  return problem !== undefined && problem.model === model && now < Date.parse(problem.retryAt);
}

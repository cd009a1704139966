import { logger, metrics, type Tenant } from '@top-active/aws';
import type { CredentialProblem, ProposalFailure } from '@top-active/core/contracts';
import { PermanentError } from '@top-active/core/errors';
import { APIError } from 'openai';
import { openAiFailureOf, type OpenAiFailure } from '../openai/openai-failure.ts';
import { NoAnswer } from './read-reply.ts';
import type { SuggestJob } from './suggest-job.ts';
import type { ModelWatch } from './watch-model.ts';

/** Deliveries after which what might have passed is taken for an answer: as many as the queue makes. */
const patience = 3;
/** A 401 that doesn't name the key as unknown is believed from this delivery on. */
const doubtful = 2;
const retryAfterMs = 3600_000;

export interface FailureContext {
  job: SuggestJob;
  tenant: Tenant;
  attempt: number;
  model: string;
  watch: ModelWatch;
  now: () => number;
}

/**
 * Tells the owner, and the operator where it is theirs to mend, why nothing is proposed.
 * @throws what may pass (the queue delivers again), and PermanentError for our own mistakes
 */
export async function noteFailure(error: unknown, context: FailureContext): Promise<void> {
  if (error instanceof NoAnswer) return noteNoAnswer(error, context);
  const failure = openAiFailureOf(error);
  if (!failure) throw error;
  logger.warn('OpenAI did not answer', { failure, ...requestOf(error) });
  const passes = failure === 'busy' || failure === 'unreachable';
  if (passes || failure === 'too_long' || failure === 'flagged' || failure === 'refused')
    return noteOfRequest(failure, error, context);
  await noteOfKey(failure, error, context);
}

async function noteNoAnswer(error: NoAnswer, context: FailureContext): Promise<void> {
  logger.warn('The model gave no answer that can be proposed', { why: error.why, detail: error.message });
  if (error.mayPass && context.attempt < patience) throw error;
  await tell(error.why, context);
}

async function noteOfRequest(
  failure: 'busy' | 'unreachable' | 'too_long' | 'flagged' | 'refused',
  error: unknown,
  context: FailureContext,
): Promise<void> {
  const passes = failure === 'busy' || failure === 'unreachable';
  if (passes && context.attempt < patience) throw error;
  await tell(passes ? 'busy' : failure === 'refused' ? 'failed' : failure, context);
  // The dead letter keeps what might still have passed.
  if (passes) throw error;
  if (failure !== 'refused') return;
  metrics.emit('ModelRefusals');
  throw new PermanentError('OpenAI refused the request', { cause: error });
}

type KeyFailure = Exclude<OpenAiFailure, 'busy' | 'unreachable' | 'too_long' | 'flagged' | 'refused'>;

async function noteOfKey(failure: KeyFailure, error: unknown, context: FailureContext): Promise<void> {
  const { tenant, attempt, model, now, watch } = context;
  if ((failure === 'restricted' || failure === 'key_doubtful') && attempt < doubtful) throw error;
  metrics.emit('ModelRefusals');
  if (failure === 'key_refused') return tenant.credentials.setState('openai', 'invalid');
  if (failure === 'model_gone') await watch.gone();
  const credential = await tenant.credentials.get('openai');
  const kind = failure === 'key_doubtful' ? 'not_allowed' : failure;
  const at = now();
  const former = credential?.problem?.kind === kind ? credential.problem.since : undefined;
  const problem: CredentialProblem = {
    kind,
    since: former ?? new Date(at).toISOString(),
    retryAt: new Date(at + retryAfterMs).toISOString(),
    model,
  };
  await tenant.credentials.note('openai', { problem, modelEnds: credential?.modelEnds });
}

async function tell(why: ProposalFailure, { job, tenant }: FailureContext): Promise<void> {
  metrics.emit('ProposalsMissing');
  await tenant.chats.noteNoProposal(job.chatId, { answers: job.messageId, why });
}

/** OpenAI's support asks for it. Its words may quote a part of the key: they are left out. */
function requestOf(error: unknown): { openAiRequestId?: string } {
  const id = error instanceof APIError ? error.requestID : undefined;
  return id ? { openAiRequestId: id } : {};
}

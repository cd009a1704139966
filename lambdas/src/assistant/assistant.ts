import { withLogFields } from '@top-active/aws';
import type { AssistantJob } from '@top-active/core/contracts';
import type { JobHandler } from '../queue/fifo-handler.ts';
import type { AssistantDeps } from './assistant-deps.ts';
import { bookAppointment } from './book-appointment.ts';
import { suggestReply } from './suggest-reply.ts';

type Handlers = { [T in AssistantJob['type']]: JobHandler<Extract<AssistantJob, { type: T }>> };

/** Does the jobs of the assistant's queue. */
export function createAssistant(deps: AssistantDeps): JobHandler<AssistantJob> {
  const handlers = {
    suggest: (job, delivery) => suggestReply(job, deps, delivery),
    book: (job, delivery) => bookAppointment(job, deps, delivery),
  } satisfies Handlers;

  return (job, delivery) =>
    withLogFields({ job: job.type }, () =>
      job.type === 'suggest' ? handlers.suggest(job, delivery) : handlers.book(job, delivery),
    );
}

import type { AssistantJob } from '@top-active/core/contracts';

/** A customer's message that may want a suggestion. */
export type SuggestJob = Extract<AssistantJob, { type: 'suggest' }>;

import { z } from 'zod';
import { comesWithRetryAfter, errorAnswers } from './fault-answers.ts';
import { OpenAiError } from './openai-error.ts';
import type { AnswerStep } from './script.ts';

/** What is wrong with an answer that OpenAI calls a success. */
const answerSteps = {
  answer_cut: { text: 'Tenho horário às', incomplete: 'max_output_tokens' },
  answer_filtered: { text: 'Sobre isso', incomplete: 'content_filter' },
  answer_refused: { refusal: 'Não posso ajudar com isso.' },
  answer_failed: { failed: { code: 'server_error' } },
  answer_forbidden: { failed: { code: 'misalignment_policy_violation' } },
  answer_with_commentary: { commentary: 'Vou olhar a agenda.', text: 'Tenho 14h.' },
  answer_commentary_only: { commentary: 'Vou olhar a agenda.' },
  answer_debris: { text: ' to=functions.find_free_slots 天天中彩票 {"from":"2026-12-01"}' },
} as const satisfies Record<string, AnswerStep>;

type ErrorKind = keyof typeof errorAnswers;
type AnswerKind = keyof typeof answerSteps;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a constant
const errorKinds = Object.keys(errorAnswers) as ErrorKind[];
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a constant
const answerKinds = Object.keys(answerSteps) as AnswerKind[];

/** A fault of the next calls. */
export const faultSchema = z.strictObject({
  kind: z.enum([
    ...errorKinds,
    ...answerKinds,
    /** No answer until the client gives up, at most two minutes. */
    'timeout',
  ]),
  /**
   * Only calls for models, or only those for answers; both unless told. A missing scope, credit or model often hits one
   * of them.
   */
  on: z.enum(['models', 'responses']).optional(),
  /** How many calls it hits. */
  times: z.int().min(1).max(10_000).default(1),
  /** Only calls with this key. */
  key: z.string().optional(),
  /** `retry-after` of those that OpenAI asks to come back for. */
  retryAfterSeconds: z.int().min(0).max(3600).default(1),
});

export type Fault = z.output<typeof faultSchema>;
export type FaultInput = z.input<typeof faultSchema>;

export interface Faults {
  /** Replaces all that were set. */
  set(faults: Fault[]): void;
  /** What remains. */
  list(): Fault[];
  /** Counts one call; waits or throws when a fault hits it. */
  strike(call: { key: string; on: NonNullable<Fault['on']>; signal: AbortSignal }): Promise<void>;
  /** The answer that a fault gives in place of the model, counted; undefined without one. */
  answer(call: { key: string }): AnswerStep | undefined;
  /** Waits until the client gives up, the world closes or the time is over. */
  hang(wait: { ms: number; signal: AbortSignal }): Promise<void>;
  close(): void;
}

const longestHangMs = 120_000;
export function createFaults(): Faults {
  let faults: Fault[] = [];
  const closing = new AbortController();

  function hang({ ms, signal }: { ms: number; signal: AbortSignal }): Promise<void> {
    const end = AbortSignal.any([signal, closing.signal, AbortSignal.timeout(Math.min(ms, longestHangMs))]);
    return new Promise((resolve) => {
      if (end.aborted) resolve();
      else end.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  function take(call: { key: string; on: Fault['on'] }, fits: (fault: Fault) => boolean): Fault | undefined {
    const fault = faults.find(
      (candidate) =>
        fits(candidate) &&
        (candidate.key === undefined || candidate.key === call.key) &&
        (candidate.on === undefined || candidate.on === call.on),
    );
    if (!fault) return undefined;
    fault.times -= 1;
    if (fault.times === 0) faults = faults.filter((other) => other !== fault);
    return fault;
  }

  return {
    set(next) {
      faults = next.map((fault) => ({ ...fault }));
    },
    list: () => faults.map((fault) => ({ ...fault })),
    async strike({ key, on, signal }) {
      const fault = take({ key, on }, ({ kind }) => kind === 'timeout' || kind in errorAnswers);
      if (!fault) return;
      if (fault.kind === 'timeout') await hang({ ms: longestHangMs, signal });
      const kind = errorKinds.find((kind) => kind === fault.kind) ?? 'server_is_overloaded';
      const headers = comesWithRetryAfter.has(kind) ? { 'retry-after': String(fault.retryAfterSeconds) } : {};
      throw new OpenAiError({ ...errorAnswers[kind], headers });
    },
    answer({ key }) {
      const fault = take({ key, on: 'responses' }, ({ kind }) => kind in answerSteps);
      const kind = answerKinds.find((kind) => kind === fault?.kind);
      return kind && answerSteps[kind];
    },
    hang,
    close: () => closing.abort(),
  };
}

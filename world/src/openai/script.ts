import { z } from 'zod';
import { errorStatusSchema } from './openai-error.ts';

/** What the model answers next, instead of thinking. One step is one response; a hang precedes the next one. */
const stepSchema = z.union([
  z.strictObject({ text: z.string(), incomplete: z.enum(['max_output_tokens', 'content_filter']) }),
  /** Said on the way to the answer, which may come with it or in a later response. */
  z.strictObject({ commentary: z.string(), text: z.string().optional() }),
  z.strictObject({ refusal: z.string() }),
  z.strictObject({ failed: z.strictObject({ code: z.string() }) }),
  z.strictObject({ text: z.string() }),
  z.strictObject({ toolCall: z.strictObject({ name: z.string(), arguments: z.record(z.string(), z.unknown()) }) }),
  z.strictObject({ error: z.strictObject({ status: errorStatusSchema, code: z.string() }) }),
  z.strictObject({ hangMs: z.int().min(1).max(120_000) }),
]);

type Step = z.output<typeof stepSchema>;
/** A step that is an answer. */
export type AnswerStep = Exclude<Step, { error: unknown } | { hangMs: unknown }>;

export const scriptSchema = z.strictObject({
  /** Only for calls with this key. */
  key: z.string().optional(),
  /** Only when the customer's last message contains this, whatever its case. */
  match: z.string().optional(),
  steps: z.array(stepSchema).min(1),
});

export type Script = z.output<typeof scriptSchema>;

export interface Scripts {
  add(script: Script): void;
  clear(): void;
  /** Number of steps not yet taken. */
  waiting(): number;
  /** The next step for a call, taken off its script. */
  next(call: { key: string; customerText: string }): Step | undefined;
}

export function createScripts(): Scripts {
  let scripts: Script[] = [];
  return {
    add: (script) => void scripts.push({ ...script, steps: [...script.steps] }),
    clear() {
      scripts = [];
    },
    waiting: () => scripts.reduce((sum, { steps }) => sum + steps.length, 0),
    next({ key, customerText }) {
      const script = scripts.find(
        (candidate) =>
          (candidate.key === undefined || candidate.key === key) &&
          (candidate.match === undefined || customerText.toLowerCase().includes(candidate.match.toLowerCase())),
      );
      const step = script?.steps.shift();
      scripts = scripts.filter(({ steps }) => steps.length > 0);
      return step;
    },
  };
}

import type { KnownModel } from '@top-active/aws';
import { fail, ok, warn, type Check, type Finding } from './finding.ts';

const dayMs = 86_400_000;
const warnDays = 45;

export function modelCheck(
  list: () => Promise<KnownModel[]>,
  { model, now = Date.now }: { model: string; now?: () => number },
): Check {
  return { title: 'Model', look: async () => judgeModel({ model, known: await list(), now: now() }) };
}

/** The model in use, and how long OpenAI offers it: as it said when the assistant last asked. */
export function judgeModel({
  model,
  known,
  now,
}: {
  model: string;
  known: readonly KnownModel[];
  now: number;
}): Finding {
  const found = known.find((one) => one.model === model);
  if (!found) return ok(`${model}; OpenAI has not been asked about it yet, since nobody has stored a key`);
  const remedy = 'Choose another: “Model” in docs/operations/runbook.md.';
  if (!found.available) return fail(`OpenAI did not offer ${model} on ${found.checkedAt.slice(0, 10)}`, remedy);
  const { shutdownDate } = found;
  if (shutdownDate === undefined) return ok(`${model}; no shutdown was announced by ${found.checkedAt.slice(0, 10)}`);
  const days = Math.max(0, Math.ceil((Date.parse(`${shutdownDate}T00:00:00Z`) - now) / dayMs));
  const seen = `OpenAI shuts ${model} down on ${shutdownDate}, in ${days} days`;
  if (days === 0) return fail(seen, remedy);
  return days < warnDays ? warn(seen, remedy) : ok(seen);
}

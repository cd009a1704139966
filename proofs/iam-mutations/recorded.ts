import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Check } from './check.ts';

export const recordedFile = fileURLToPath(new URL('recorded-accesses.json', import.meta.url));

const recordedSchema = z.array(
  z.object({
    principal: z.string(),
    role: z.string().optional(),
    action: z.string(),
    resource: z.string(),
    context: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  }),
);

/** What a run of the product was allowed, as `--record` wrote it. */
export function readRecorded(text: string): Check[] {
  return recordedSchema.parse(JSON.parse(text));
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const budgetSchema = z.record(
  z.string(),
  z.object({
    bytes: z.int().positive(),
    gzipBytes: z.int().positive(),
    /**
     * Processor time of an import as a ratio to the reference module's. A benchmark compares it, no test: machines are
     * noisy.
     */
    importRatio: z.number().positive(),
  }),
);

/** By a function's name, what its bundle may weigh and cost. */
export type Budget = z.infer<typeof budgetSchema>;

export async function readBudget(): Promise<Budget> {
  return budgetSchema.parse(JSON.parse(await readFile(join(import.meta.dirname, 'budget.json'), 'utf8')));
}

import { instantSchema } from '@top-active/core/contracts';
import { z } from 'zod';
import { knownBuildSchema } from './known-builds.ts';
import { knownModelSchema } from './known-models.ts';

/** What an embedded stack tells its operator, who has no dashboard there. */
export const operatorFactsSchema = z.object({
  /** The model that the assistant writes with. */
  model: z.string(),
  /** What OpenAI said of models; newest check first. */
  models: z.array(knownModelSchema),
  /** Builds of WhatsApp's page that sessions met; newest meeting first. */
  builds: z.array(knownBuildSchema),
  /** Sessions whose messages don't come through as they should, by build. Absent until a session host has said so. */
  reception: z.object({ at: instantSchema, troubled: z.record(z.string(), z.int().positive()) }).optional(),
});
export type OperatorFacts = z.infer<typeof operatorFactsSchema>;

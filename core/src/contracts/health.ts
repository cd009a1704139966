import { z } from 'zod';

export const healthResponseSchema = z.object({
  status: z.enum(['ok']),
  version: z.string(),
  /** True on the local stack with its simulated WhatsApp, Google and OpenAI. */
  simulated: z.boolean(),
});
export type HealthResponse = z.infer<typeof healthResponseSchema>;

import { z } from 'zod';

/** Writes WhatsApp replies and calls tools for a tenth of what the next larger one costs; see docs/adr/038-model.md. */
const defaultModel = 'gpt-6-luna';

export const openAiEnvSchema = z.object({
  OPENAI_BASE_URL: z.url().default('https://api.openai.com/v1'),
  OPENAI_MODEL: z.string().min(1).default(defaultModel),
});

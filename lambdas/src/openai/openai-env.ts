import { z } from 'zod';

export const openAiEnvSchema = z.object({ OPENAI_BASE_URL: z.url().default('https://api.openai.com/v1') });

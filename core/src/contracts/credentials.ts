import { z } from 'zod';
import { instantSchema } from './ids.ts';

/** What the API ever tells of a secret: never the secret. */
export const credentialSchema = z.object({
  provider: z.enum(['openai', 'google']),
  /** Last four characters of an OpenAI key; the account's e-mail for Google. */
  hint: z.string(),
  state: z.enum(['valid', 'invalid']),
  /** OAuth scopes for Google, empty for OpenAI. */
  scopes: z.array(z.string()),
  /** True when the provider in use is the simulated one of the local stack. */
  simulated: z.boolean(),
  createdAt: instantSchema,
  checkedAt: instantSchema,
});
export type Credential = z.infer<typeof credentialSchema>;

export const credentialsResponseSchema = z.object({ items: z.array(credentialSchema) });

export const putOpenAiKeyRequestSchema = z.strictObject({
  key: z.string().trim().min(20).max(400).startsWith('sk-', 'starts with sk-'),
});
export type PutOpenAiKeyRequest = z.infer<typeof putOpenAiKeyRequestSchema>;

/** Where the browser must go for Google's consent. */
export const googleConnectResponseSchema = z.object({ url: z.url() });
export type GoogleConnectResponse = z.infer<typeof googleConnectResponseSchema>;

/** The callback ends on `/?google=<outcome>` of the app. */
export const googleOutcomes = ['connected', 'denied', 'invalid_state', 'failed'] as const;
export type GoogleOutcome = (typeof googleOutcomes)[number];

import { z } from 'zod';
import { instantSchema } from './ids.ts';

/**
 * Why OpenAI doesn't answer with a key that it knows. `no_credit`: the account has none left, or reached a limit of its
 * owner's. `restricted`: the key may not ask for answers. `model_not_allowed`: its project may not use the model.
 * `model_gone`: OpenAI doesn't have the model, or not any more, which only the operator can mend. `region`: OpenAI
 * serves nobody where this deployment runs. `wrong_host`: the key's data must stay in a region that this deployment
 * doesn't ask. `not_allowed`: another refusal of the account.
 */
export const credentialProblemKinds = [
  'no_credit',
  'restricted',
  'model_not_allowed',
  'model_gone',
  'region',
  'wrong_host',
  'not_allowed',
] as const;

/** It passes without a new key: from `retryAt` on the assistant tries again, and with another model at once. */
export const credentialProblemSchema = z.object({
  kind: z.enum(credentialProblemKinds),
  since: instantSchema,
  retryAt: instantSchema,
  /** The model that was asked for. */
  model: z.string(),
});
export type CredentialProblem = z.infer<typeof credentialProblemSchema>;

/** What the API ever tells of a secret: never the secret. */
export const credentialSchema = z.object({
  provider: z.enum(['openai', 'google']),
  /** Last four characters of an OpenAI key; the account's e-mail for Google. */
  hint: z.string(),
  /** `invalid`: the provider doesn't know it any more. Only a new one helps. */
  state: z.enum(['valid', 'invalid']),
  /** Of an OpenAI key that is known and not served just now. */
  problem: credentialProblemSchema.optional(),
  /**
   * When OpenAI shuts the model down that the assistant writes with, once that is less than 60 days away. YYYY-MM-DD.
   */
  modelEnds: z.object({ model: z.string(), on: z.iso.date() }).optional(),
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

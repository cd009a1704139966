import { z } from 'zod';
import { instantSchema } from './ids.ts';

const base64Url = (most: number) =>
  z
    .string()
    .regex(/^[\w-]+$/, 'must be base64url without padding')
    .max(most);

/** Made by the session host, one for each time that WhatsApp's page asks. */
export const passkeyRequestIdSchema = z.uuid();

/**
 * What WhatsApp wants signed before it links. Neither challenge nor credential ids are secret. The site is always
 * `whatsapp.com`.
 */
export const passkeyRequestSchema = z.object({
  requestId: passkeyRequestIdSchema,
  challenge: base64Url(2_000),
  /** Empty: any passkey of the site. */
  allowCredentials: z
    .array(z.object({ id: base64Url(2_000), transports: z.array(z.string().max(20)).max(10) }))
    .max(64),
  /** `uvm`: how the user was verified is to be told. */
  extensions: z.object({ uvm: z.boolean().optional() }),
  expiresAt: instantSchema,
  /** An answer is on its way to WhatsApp. There is no second one. */
  answered: z.boolean(),
});
export type PasskeyRequest = z.infer<typeof passkeyRequestSchema>;

/** A signed assertion as `PublicKeyCredential.toJSON()` writes it. */
export const passkeyCredentialSchema = z.object({
  id: base64Url(2_000),
  rawId: base64Url(2_000),
  type: z.literal('public-key'),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional(),
  clientExtensionResults: z
    .record(z.string(), z.unknown())
    .refine((results) => JSON.stringify(results).length <= 4_000, 'must be 4,000 characters at most'),
  response: z.object({
    clientDataJSON: base64Url(8_000),
    authenticatorData: base64Url(8_000),
    signature: base64Url(4_000),
    userHandle: base64Url(200).optional(),
  }),
});
export type PasskeyCredential = z.infer<typeof passkeyCredentialSchema>;

/** The owner's answer to a passkey request. */
export const passkeyAnswerSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('signed'), credential: passkeyCredentialSchema }),
  /** Also: it wasn't me who asked for this. */
  z.object({ outcome: z.literal('refused') }),
]);
export type PasskeyAnswer = z.infer<typeof passkeyAnswerSchema>;

/** Whether phone and page show the same code. */
export const codeComparisonRequestSchema = z.object({ code: z.string().max(20), matches: z.boolean() });
export type CodeComparisonRequest = z.infer<typeof codeComparisonRequestSchema>;

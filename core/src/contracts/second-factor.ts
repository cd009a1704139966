import { z } from 'zod';
import { codeSchema } from './auth.ts';

/** Whether a code of an authenticator app is asked for at the login. */
export const secondFactorSchema = z.object({ on: z.boolean() });

/** The password once more: whoever finds an open browser must not be able to lock the owner out. */
export const beginSecondFactorRequestSchema = z.strictObject({ password: z.string().min(1).max(256) });

/** For the authenticator app; shown once and never again. */
export const authenticatorKeySchema = z.object({
  /** Base32. */
  secret: z.string().max(256),
  /** `otpauth://totp/…`, for the QR code. */
  uri: z.string().max(1024),
});

/** The password again: between the two steps nothing is kept that could change the account. */
export const confirmSecondFactorRequestSchema = z.strictObject({
  password: z.string().min(1).max(256),
  code: codeSchema,
});

/** Both factors once more. */
export const endSecondFactorRequestSchema = z.strictObject({ password: z.string().min(1).max(256), code: codeSchema });

export type SecondFactor = z.infer<typeof secondFactorSchema>;
export type BeginSecondFactorRequest = z.infer<typeof beginSecondFactorRequestSchema>;
export type AuthenticatorKey = z.infer<typeof authenticatorKeySchema>;
export type ConfirmSecondFactorRequest = z.infer<typeof confirmSecondFactorRequestSchema>;
export type EndSecondFactorRequest = z.infer<typeof endSecondFactorRequestSchema>;

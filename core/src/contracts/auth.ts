import { z } from 'zod';
import { userIdSchema } from './ids.ts';

export const emailSchema = z.string().trim().toLowerCase().pipe(z.email().max(254));
/** Cognito's own limits; the strength rules are the user pool's. */
export const passwordSchema = z.string().min(10).max(256);
export const localeSchema = z.enum(['pt-BR', 'en']);
export type Locale = z.infer<typeof localeSchema>;

export const registerRequestSchema = z.strictObject({
  email: emailSchema,
  password: passwordSchema,
  name: z.string().trim().min(1).max(100),
  locale: localeSchema.default('pt-BR'),
});

/**
 * The same answer whether the e-mail is new or taken. `session` belongs to this browser's registration: a confirmation
 * code works only together with it, so nobody can confirm (or pre-register) an account for another.
 */
export const registerResponseSchema = z.object({ session: z.string().max(4096) });

/** From an e-mail or an authenticator app. */
export const codeSchema = z
  .string()
  .trim()
  .regex(/^\d{6}$/, 'has six digits');
/** Opaque; from the answer that began the proof. */
const sessionSchema = z.string().min(1).max(4096);

export const confirmRequestSchema = z.strictObject({ email: emailSchema, code: codeSchema, session: sessionSchema });

export const loginRequestSchema = z.strictObject({ email: emailSchema, password: z.string().min(1).max(256) });

export const forgotPasswordRequestSchema = z.strictObject({ email: emailSchema });

/** The same answer whether the e-mail has an account or not. The code counts only together with `session`. */
export const forgotPasswordResponseSchema = z.object({ session: z.string().max(4096) });

export const resetPasswordRequestSchema = z.strictObject({
  email: emailSchema,
  code: codeSchema,
  session: sessionSchema,
  password: passwordSchema,
});

/**
 * Answer of login where the password is right and a code of the authenticator app is still wanted. The code counts only
 * together with `session`.
 */
export const secondFactorWantedSchema = z.object({ session: z.string().max(4096) });

export const loginCodeRequestSchema = z.strictObject({ email: emailSchema, code: codeSchema, session: sessionSchema });

/** Answer of confirm, login and refresh. The refresh token is in an HttpOnly cookie and never in a body. */
export const tokenResponseSchema = z.object({
  accessToken: z.string(),
  /** Seconds until the access token expires. */
  expiresIn: z.int(),
  userId: userIdSchema,
});

export type RegisterRequest = z.infer<typeof registerRequestSchema>;
export type RegisterResponse = z.infer<typeof registerResponseSchema>;
export type ConfirmRequest = z.infer<typeof confirmRequestSchema>;
export type LoginRequest = z.infer<typeof loginRequestSchema>;
export type ForgotPasswordRequest = z.infer<typeof forgotPasswordRequestSchema>;
export type ForgotPasswordResponse = z.infer<typeof forgotPasswordResponseSchema>;
export type ResetPasswordRequest = z.infer<typeof resetPasswordRequestSchema>;
export type SecondFactorWanted = z.infer<typeof secondFactorWantedSchema>;
export type LoginCodeRequest = z.infer<typeof loginCodeRequestSchema>;
export type TokenResponse = z.infer<typeof tokenResponseSchema>;

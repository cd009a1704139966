import { z } from 'zod';

const passwordPolicy = z.looseObject({
  MinimumLength: z.int().min(6).max(99).default(10),
  RequireUppercase: z.boolean().default(false),
  RequireLowercase: z.boolean().default(false),
  RequireNumbers: z.boolean().default(true),
  RequireSymbols: z.boolean().default(false),
});

/** CreateUserPool's input. What is not acted upon is kept, and told by DescribeUserPool. */
export const poolConfig = z.looseObject({
  PoolName: z.string().min(1).max(128),
  Policies: z
    .looseObject({ PasswordPolicy: passwordPolicy.default(() => passwordPolicy.parse({})) })
    .default(() => ({ PasswordPolicy: passwordPolicy.parse({}) })),
  /** People sign in with their e-mail address, their username is their `sub`; unless the address is an alias. */
  UsernameAttributes: z.tuple([z.literal('email')]).optional(),
  /** Who registers chooses a username; their e-mail address is another name of theirs once it is confirmed. */
  AliasAttributes: z.tuple([z.literal('email')]).optional(),
  LambdaConfig: z
    .looseObject({
      PreTokenGenerationConfig: z.object({ LambdaVersion: z.literal('V2_0'), LambdaArn: z.string() }).optional(),
    })
    .default({}),
  EmailConfiguration: z
    .looseObject({ EmailSendingAccount: z.enum(['COGNITO_DEFAULT', 'DEVELOPER']).optional() })
    .default({}),
  AutoVerifiedAttributes: z.array(z.string()).default(['email']),
  MfaConfiguration: z.enum(['OFF', 'OPTIONAL']).default('OFF'),
  EmailVerificationSubject: z.string().optional(),
  EmailVerificationMessage: z.string().optional(),
  VerificationMessageTemplate: z
    .looseObject({ EmailSubject: z.string().optional(), EmailMessage: z.string().optional() })
    .optional(),
});

const timeUnit = z.enum(['seconds', 'minutes', 'hours', 'days']);

const authFlow = z.enum([
  'ALLOW_USER_PASSWORD_AUTH',
  'ALLOW_USER_AUTH',
  'ALLOW_REFRESH_TOKEN_AUTH',
  'ALLOW_USER_SRP_AUTH',
  'ALLOW_CUSTOM_AUTH',
  'ALLOW_ADMIN_USER_PASSWORD_AUTH',
]);

/** CreateUserPoolClient's input. */
export const clientConfig = z.looseObject({
  ClientName: z.string().min(1).max(128),
  GenerateSecret: z.boolean().default(false),
  ExplicitAuthFlows: z.array(authFlow).default(['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_AUTH']),
  PreventUserExistenceErrors: z.enum(['LEGACY', 'ENABLED']).default('ENABLED'),
  EnableTokenRevocation: z.boolean().default(true),
  /** Minutes that the steps of signing up or in may take together. */
  AuthSessionValidity: z.int().min(3).max(15).default(3),
  AccessTokenValidity: z.int().min(1).max(86_400).default(10),
  IdTokenValidity: z.int().min(1).max(86_400).default(10),
  RefreshTokenValidity: z.int().min(1).max(315_360_000).default(30),
  TokenValidityUnits: z
    .object({
      AccessToken: timeUnit.default('minutes'),
      IdToken: timeUnit.default('minutes'),
      RefreshToken: timeUnit.default('days'),
    })
    .default({ AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'days' }),
  RefreshTokenRotation: z
    .object({ Feature: z.enum(['ENABLED', 'DISABLED']), RetryGracePeriodSeconds: z.int().min(0).max(60).default(0) })
    .default({ Feature: 'ENABLED', RetryGracePeriodSeconds: 30 }),
});

export type PoolConfig = z.output<typeof poolConfig>;
export type ClientConfig = z.output<typeof clientConfig>;
export type PasswordPolicy = z.output<typeof passwordPolicy>;

const seconds = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };

/** Seconds that the tokens of a client live. */
export function tokenLifetimes(config: ClientConfig): { access: number; id: number; refresh: number } {
  const units = config.TokenValidityUnits;
  return {
    access: config.AccessTokenValidity * seconds[units.AccessToken],
    id: config.IdTokenValidity * seconds[units.IdToken],
    refresh: config.RefreshTokenValidity * seconds[units.RefreshToken],
  };
}

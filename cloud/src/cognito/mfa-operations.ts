import { z } from 'zod';
import type { DefineOperation, Operation } from '../wire/operation.ts';
import { attempted } from './attempt-store.ts';
import { checkSecretHash } from './client-secret.ts';
import { cognitoError, invalidParameter, notAuthorized, userNotFound } from './errors.ts';
import { accessTokenInput, clientId, confirmationCode, secretHash, session, username } from './input.ts';
import { poolArn } from './pool-store.ts';
import type { Services } from './services.ts';
import { newTotpSecret, totpStep } from './totp.ts';
import type { User } from './user-store.ts';

const softwareTokenSettings = z
  .object({ Enabled: z.boolean().default(false), PreferredMfa: z.boolean().default(false) })
  .optional();
const totpCode = z.string().regex(/^\d{6}$/);

/** A second factor from an authenticator app. */
export function mfaOperations(define: DefineOperation, services: Services): Record<string, Operation> {
  const { pools, users, flows, attempts } = services;

  /** Each code works once. */
  function useCode(user: User, code: string): boolean {
    const step = user.totpSecret === null ? undefined : totpStep(user.totpSecret, code, services.now());
    return step !== undefined && users.useTotpStep(user, step);
  }

  function prefer(user: User, settings: z.output<typeof softwareTokenSettings>): object {
    if (!settings) return {};
    if (settings.Enabled && !user.totpVerified) throw invalidParameter('User has not verified software token mfa');
    if (user.totpListed && !user.totpVerified) throw invalidParameter('User has not set up software token mfa');
    users.setTotpEnabled(user, settings.Enabled);
    return {};
  }

  return {
    AssociateSoftwareToken: define({
      input: accessTokenInput,
      access: 'public',
      async run({ AccessToken }) {
        const { user } = await services.authenticate(AccessToken);
        if (pools.pool(user.poolId).config.MfaConfiguration === 'OFF') {
          throw cognitoError(
            'SoftwareTokenMFANotFoundException',
            'Software token MFA is not enabled for the user pool.',
          );
        }
        const secret = newTotpSecret();
        users.setTotpSecret(user, secret);
        return { SecretCode: secret };
      },
    }),

    VerifySoftwareToken: define({
      input: accessTokenInput.extend({ UserCode: totpCode, FriendlyDeviceName: z.string().optional() }),
      access: 'public',
      async run({ AccessToken, UserCode }) {
        const { user } = await services.authenticate(AccessToken);
        if (!useCode(user, UserCode)) throw cognitoError('EnableSoftwareTokenMFAException', 'Code mismatch');
        users.setTotpVerified(user);
        return { Status: 'SUCCESS' };
      },
    }),

    SetUserMFAPreference: define({
      input: accessTokenInput.extend({ SoftwareTokenMfaSettings: softwareTokenSettings }),
      access: 'public',
      async run({ AccessToken, SoftwareTokenMfaSettings }) {
        const { user } = await services.authenticate(AccessToken);
        return prefer(user, SoftwareTokenMfaSettings);
      },
    }),

    AdminSetUserMFAPreference: define({
      input: z.object({
        UserPoolId: z.string().min(1).max(55),
        Username: username,
        SoftwareTokenMfaSettings: softwareTokenSettings,
      }),
      access: ({ UserPoolId }) => [{ action: 'cognito-idp:AdminSetUserMFAPreference', resource: poolArn(UserPoolId) }],
      run({ UserPoolId, Username, SoftwareTokenMfaSettings }) {
        const user = users.find(pools.pool(UserPoolId).id, Username);
        if (!user) throw userNotFound();
        return prefer(user, SoftwareTokenMfaSettings);
      },
    }),

    RespondToAuthChallenge: define({
      input: z.object({
        ClientId: clientId,
        ChallengeName: z.literal('SOFTWARE_TOKEN_MFA'),
        Session: session,
        ChallengeResponses: z.object({
          USERNAME: username,
          SOFTWARE_TOKEN_MFA_CODE: confirmationCode,
          SECRET_HASH: secretHash,
        }),
      }),
      access: 'public',
      async run({ ClientId, Session, ChallengeResponses }) {
        const client = pools.client(ClientId);
        checkSecretHash(client, ChallengeResponses.USERNAME, ChallengeResponses.SECRET_HASH);
        const user = users.find(client.poolId, ChallengeResponses.USERNAME);
        if (!user) throw notAuthorized('Invalid session for the user.');
        flows.check({ session: Session, step: 'software-token-mfa', user, client });
        const who = attempted(user.poolId, user.sub);
        attempts.check(who, 'software-token-mfa');
        if (!useCode(user, ChallengeResponses.SOFTWARE_TOKEN_MFA_CODE)) {
          attempts.count(who, 'software-token-mfa');
          throw cognitoError('CodeMismatchException', 'Invalid code received for user');
        }
        attempts.clear(who, 'software-token-mfa');
        flows.useUp(Session);
        return services.signIn(user, client);
      },
    }),
  };
}

import { z } from 'zod';
import type { DefineOperation, Operation } from '../wire/operation.ts';
import { attempted } from './attempt-store.ts';
import { checkSecretHash } from './client-secret.ts';
import { codeMismatch, incorrectUsernameOrPassword, invalidParameter, userNotFound } from './errors.ts';
import { clientId, confirmationCode, password, secretHash, token, username } from './input.ts';
import { codeDelivery } from './mail.ts';
import { checkPassword, hashPassword, passwordMatches } from './passwords.ts';
import type { Services } from './services.ts';

/** A forgotten or changed password. Neither ends sign-ins, as in Cognito. */
export function passwordOperations(define: DefineOperation, services: Services): Record<string, Operation> {
  const { pools, users, codes, attempts } = services;

  return {
    ForgotPassword: define({
      input: z.object({ ClientId: clientId, SecretHash: secretHash, Username: username }),
      access: 'public',
      run({ ClientId, SecretHash, Username }) {
        const client = pools.client(ClientId);
        checkSecretHash(client, Username, SecretHash);
        const user = users.find(client.poolId, Username);
        const who = attempted(client.poolId, user?.sub ?? Username);
        attempts.check(who, 'forgot-password');
        if (client.config.PreventUserExistenceErrors === 'LEGACY') {
          if (!user) throw userNotFound('Username/client id combination not found.');
          if (!user.emailVerified) {
            throw invalidParameter(
              'Cannot reset password for the user as there is no registered/verified email or phone_number',
            );
          }
        }
        attempts.count(who, 'forgot-password');
        if (user?.emailVerified) services.sendCode(user, 'forgot-password');
        return { CodeDeliveryDetails: codeDelivery(user?.email ?? Username) };
      },
    }),

    ConfirmForgotPassword: define({
      input: z.object({
        ClientId: clientId,
        SecretHash: secretHash,
        Username: username,
        ConfirmationCode: confirmationCode,
        Password: password,
      }),
      access: 'public',
      async run({ ClientId, SecretHash, Username, ConfirmationCode, Password }) {
        const client = pools.client(ClientId);
        checkSecretHash(client, Username, SecretHash);
        checkPassword(Password, pools.pool(client.poolId).config.Policies.PasswordPolicy);
        const passwordHash = await hashPassword(Password);
        const user = users.find(client.poolId, Username);
        if (!user) {
          if (client.config.PreventUserExistenceErrors === 'LEGACY') {
            throw userNotFound('Username/client id combination not found.');
          }
          const who = attempted(client.poolId, Username);
          attempts.check(who, 'forgot-password');
          attempts.count(who, 'forgot-password');
          throw codeMismatch();
        }
        codes.check({ user, purpose: 'forgot-password', code: ConfirmationCode });
        services.transaction(() => {
          codes.useUp(user, 'forgot-password');
          attempts.clear(attempted(user.poolId, user.sub), 'password');
          users.setPassword(user, passwordHash);
        });
        return {};
      },
    }),

    ChangePassword: define({
      input: z.object({ AccessToken: token, PreviousPassword: password, ProposedPassword: password }),
      access: 'public',
      async run({ AccessToken, PreviousPassword, ProposedPassword }) {
        const { user } = await services.authenticate(AccessToken);
        const who = attempted(user.poolId, user.sub);
        attempts.check(who, 'change-password');
        attempts.count(who, 'change-password');
        checkPassword(ProposedPassword, pools.pool(user.poolId).config.Policies.PasswordPolicy);
        if (!(await passwordMatches(PreviousPassword, user.passwordHash))) throw incorrectUsernameOrPassword();
        users.setPassword(user, await hashPassword(ProposedPassword));
        return {};
      },
    }),
  };
}

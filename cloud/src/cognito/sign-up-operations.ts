import { z } from 'zod';
import type { DefineOperation, Operation } from '../wire/operation.ts';
import { attempted } from './attempt-store.ts';
import { checkSecretHash } from './client-secret.ts';
import { aliasExists, expiredCode, invalidParameter, notAuthorized, userNotFound } from './errors.ts';
import { clientId, confirmationCode, password, secretHash, session, userAttributes, username } from './input.ts';
import { codeDelivery } from './mail.ts';
import { checkPassword, hashPassword } from './passwords.ts';
import type { Pool } from './pool-store.ts';
import type { Services } from './services.ts';

const emailAddress = z.email();

/** From nobody to a confirmed user. */
export function signUpOperations(define: DefineOperation, services: Services): Record<string, Operation> {
  const { pools, users, codes, attempts, flows } = services;

  return {
    SignUp: define({
      input: z.object({
        ClientId: clientId,
        SecretHash: secretHash,
        Username: username,
        Password: password,
        UserAttributes: userAttributes,
      }),
      access: 'public',
      async run({ ClientId, SecretHash, Username, Password, UserAttributes }) {
        const client = pools.client(ClientId);
        checkSecretHash(client, Username, SecretHash);
        const pool = pools.pool(client.poolId);
        const { email: given, ...attributes } = UserAttributes;
        const name = namesOf(pool, Username, given);
        checkPassword(Password, pool.config.Policies.PasswordPolicy);
        const passwordHash = await hashPassword(Password);
        const user = users.add({ poolId: pool.id, ...name, attributes, passwordHash });
        services.sendCode(user, 'sign-up');
        return {
          UserConfirmed: false,
          UserSub: user.sub,
          CodeDeliveryDetails: codeDelivery(user.email),
          Session: client.config.ExplicitAuthFlows.includes('ALLOW_USER_AUTH')
            ? flows.start(user, client, 'confirm-sign-up')
            : undefined,
        };
      },
    }),

    ConfirmSignUp: define({
      input: z.object({
        ClientId: clientId,
        SecretHash: secretHash,
        Username: username,
        ConfirmationCode: confirmationCode,
        /** Taking an address away from who has it already. */
        ForceAliasCreation: z.literal(false).default(false),
        Session: session.optional(),
      }),
      access: 'public',
      run({ ClientId, SecretHash, Username, ConfirmationCode, Session }) {
        const client = pools.client(ClientId);
        checkSecretHash(client, Username, SecretHash);
        const user = users.find(client.poolId, Username);
        if (!user) {
          if (client.config.PreventUserExistenceErrors === 'ENABLED') {
            const who = attempted(client.poolId, Username);
            attempts.check(who, 'sign-up');
            attempts.count(who, 'sign-up');
            throw expiredCode();
          }
          throw userNotFound('Username/client id combination not found.');
        }
        if (user.status === 'CONFIRMED') {
          throw notAuthorized('User cannot be confirmed. Current status is CONFIRMED');
        }
        if (Session !== undefined) flows.check({ session: Session, step: 'confirm-sign-up', user, client });
        codes.check({ user, purpose: 'sign-up', code: ConfirmationCode });
        const holder = users.find(user.poolId, user.email);
        if (holder && holder.sub !== user.sub) throw aliasExists();
        return services.transaction(() => {
          codes.useUp(user, 'sign-up');
          users.confirm(user);
          if (Session === undefined) return {};
          flows.useUp(Session);
          return { Session: flows.start(user, client, 'first-sign-in') };
        });
      },
    }),

    ResendConfirmationCode: define({
      input: z.object({ ClientId: clientId, SecretHash: secretHash, Username: username }),
      access: 'public',
      run({ ClientId, SecretHash, Username }) {
        const client = pools.client(ClientId);
        checkSecretHash(client, Username, SecretHash);
        const user = users.find(client.poolId, Username);
        const who = attempted(client.poolId, user?.sub ?? Username);
        attempts.check(who, 'send');
        if (user?.status === 'CONFIRMED') throw invalidParameter('User is already confirmed.');
        if (!user && client.config.PreventUserExistenceErrors === 'LEGACY') {
          throw userNotFound('Username/client id combination not found.');
        }
        attempts.count(who, 'send');
        if (user) services.sendCode(user, 'resend');
        return { CodeDeliveryDetails: codeDelivery(user?.email ?? Username) };
      },
    }),
  };
}

/** Throws InvalidParameterException. */
function namesOf(
  { config }: Pool,
  username: string,
  email: string | undefined,
): { username: string | undefined; email: string } {
  const isAddress = emailAddress.safeParse(username).success;
  if (!config.AliasAttributes) {
    if (!isAddress) throw invalidParameter('Username should be an email.');
    if (email !== undefined && email.toLowerCase() !== username.toLowerCase())
      throw invalidParameter('User attributes email and username do not match.');
    return { username: undefined, email: username };
  }
  if (isAddress)
    throw invalidParameter('Username cannot be of email format, since user pool is configured for email alias.');
  if (email === undefined || !emailAddress.safeParse(email).success)
    throw invalidParameter('Invalid email address format.');
  return { username, email };
}

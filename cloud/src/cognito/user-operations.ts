import { z } from 'zod';
import { epochSeconds } from '../wire/json-protocol.ts';
import type { Access, DefineOperation, Operation } from '../wire/operation.ts';
import { userNotFound } from './errors.ts';
import { accessTokenInput, username } from './input.ts';
import { poolArn } from './pool-store.ts';
import type { Services } from './services.ts';
import { attributeList, type User } from './user-store.ts';

const poolId = z.string().min(1).max(55);

/** What users, holding an access token, and administrators, holding IAM permissions, do with a user. */
export function userOperations(define: DefineOperation, services: Services): Record<string, Operation> {
  const { pools, users, signIns } = services;

  /** An operation of the signed-in user. */
  function asUser(run: (user: User) => object): Operation {
    return define({
      input: accessTokenInput,
      access: 'public',
      run: async ({ AccessToken }) => run((await services.authenticate(AccessToken)).user),
    });
  }

  /** An operation on somebody else. */
  function asAdmin(action: string, run: (user: User) => object): Operation {
    return define({
      input: z.object({ UserPoolId: poolId, Username: username }),
      access: ({ UserPoolId }): Access[] => [{ action: `cognito-idp:${action}`, resource: poolArn(UserPoolId) }],
      run({ UserPoolId, Username }) {
        const user = users.find(pools.pool(UserPoolId).id, Username);
        if (!user) throw userNotFound();
        return run(user);
      },
    });
  }

  function remove(user: User): object {
    users.remove(user);
    return {};
  }

  function signOut(user: User): object {
    signIns.revokeAll(user);
    return {};
  }

  return {
    GetUser: asUser((user) => ({ Username: user.username, UserAttributes: attributeList(user), ...mfaSettings(user) })),
    DeleteUser: asUser(remove),
    GlobalSignOut: asUser(signOut),

    AdminGetUser: asAdmin('AdminGetUser', (user) => ({
      Username: user.username,
      UserAttributes: attributeList(user),
      UserCreateDate: epochSeconds(user.createdAt),
      UserLastModifiedDate: epochSeconds(user.modifiedAt),
      Enabled: true,
      UserStatus: user.status,
      ...mfaSettings(user),
    })),
    ListUsers: define({
      input: z.object({
        UserPoolId: poolId,
        Limit: z.int().min(0).max(60).default(60),
        PaginationToken: z.string().optional(),
        /** The only filter emulated. */
        Filter: z
          .string()
          .regex(/^cognito:user_status = "(UNCONFIRMED|CONFIRMED)"$/)
          .optional(),
      }),
      access: ({ UserPoolId }): Access[] => [{ action: 'cognito-idp:ListUsers', resource: poolArn(UserPoolId) }],
      run({ UserPoolId, Limit, PaginationToken = '', Filter }) {
        const status = Filter && /"(\w+)"/.exec(Filter)?.[1];
        const page = users.list(pools.pool(UserPoolId).id, { status, after: PaginationToken, limit: Limit });
        return {
          Users: page.map((user) => ({
            Username: user.username,
            Attributes: attributeList(user),
            UserCreateDate: epochSeconds(user.createdAt),
            UserLastModifiedDate: epochSeconds(user.modifiedAt),
            Enabled: true,
            UserStatus: user.status,
          })),
          PaginationToken: page.length === Limit ? page.at(-1)?.sub : undefined,
        };
      },
    }),
    AdminDeleteUser: asAdmin('AdminDeleteUser', remove),
    AdminUserGlobalSignOut: asAdmin('AdminUserGlobalSignOut', signOut),
  };
}

function mfaSettings(user: User): object {
  if (!user.totpListed) return {};
  return { UserMFASettingList: ['SOFTWARE_TOKEN_MFA'], PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA' };
}

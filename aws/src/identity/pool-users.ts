import {
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  ListUsersCommand,
  UserNotFoundException,
  type ListUsersCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import type { AwsClients } from '../calls/clients.ts';

/** Everybody in the user pool, by the name that we gave them. */
export interface PoolUsers {
  list(): Promise<{ username: string; confirmed: boolean; createdAt: Date }[]>;
  /** Asked about one by name: lists of the pool may be some moments old. */
  has(username: string): Promise<boolean>;
  /** A registration that was never confirmed. Whoever is confirmed by now stays. */
  removeUnconfirmed(username: string): Promise<boolean>;
}

/** The most that Cognito gives at once. */
const pageSize = 60;

export function createPoolUsers(
  { cognito }: Pick<AwsClients, 'cognito'>,
  { userPoolId: UserPoolId }: { userPoolId: string },
): PoolUsers {
  async function statusOf(Username: string): Promise<string | undefined> {
    try {
      const { UserStatus } = await cognito.send(new AdminGetUserCommand({ UserPoolId, Username }));
      return UserStatus;
    } catch (error) {
      if (error instanceof UserNotFoundException) return undefined;
      throw error;
    }
  }

  return {
    async list() {
      const users: Awaited<ReturnType<PoolUsers['list']>> = [];
      let after: string | undefined;
      do {
        const page: ListUsersCommandOutput = await cognito.send(
          new ListUsersCommand({ UserPoolId, Limit: pageSize, PaginationToken: after }),
        );
        for (const { Username, UserStatus, UserCreateDate } of page.Users ?? [])
          if (Username && UserCreateDate)
            users.push({ username: Username, confirmed: UserStatus !== 'UNCONFIRMED', createdAt: UserCreateDate });
        after = page.PaginationToken;
      } while (after);
      return users;
    },
    has: async (username) => (await statusOf(username)) !== undefined,
    async removeUnconfirmed(username) {
      if ((await statusOf(username)) !== 'UNCONFIRMED') return false;
      await cognito.send(new AdminDeleteUserCommand({ UserPoolId, Username: username }));
      return true;
    },
  };
}

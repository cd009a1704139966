import { AdminDeleteUserCommand, UserNotFoundException } from '@aws-sdk/client-cognito-identity-provider';
import type { UserId } from '@top-active/core/contracts';
import type { AwsClients } from '../calls/clients.ts';

/**
 * Removes people from the user pool: no login and no refresh of theirs works any more, and their e-mail address is
 * free. Access tokens that were given out live on until they expire. Somebody who is gone already is fine.
 */
export type RemoveUser = (userId: UserId) => Promise<void>;

export function createUserRemoval(
  clients: Pick<AwsClients, 'cognito'>,
  { userPoolId }: { userPoolId: string },
): RemoveUser {
  return async (userId) => {
    try {
      await clients.cognito.send(new AdminDeleteUserCommand({ UserPoolId: userPoolId, Username: userId }));
    } catch (error) {
      if (!(error instanceof UserNotFoundException)) throw error;
    }
  };
}

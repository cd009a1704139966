import { createHmac } from 'node:crypto';
import { DescribeUserPoolClientCommand, NotAuthorizedException } from '@aws-sdk/client-cognito-identity-provider';
import type { AwsClients } from '../calls/clients.ts';

/** What a call as an app client of the user pool has to show. */
interface ClientProof {
  ClientId: string;
  /** For the calls that take the secret itself: going on with a session, and ending it. */
  ClientSecret: string;
  /** `SECRET_HASH`: for calls that name a user, made from the very text by which they do. Base64. */
  hashOf: (username: string) => string;
}

/** An app client of the user pool, which answers to nobody but who has its secret. */
export interface PoolClient {
  /**
   * A call to the user pool as this client.
   * @throws {Error} when the pool refuses the client itself: a fault of the deployment, whatever the user did
   */
  as<T>(call: (proof: ClientProof) => Promise<T>): Promise<T>;
}

/** The secret is asked for at the first call, and once more should the pool refuse it: it may have been replaced. */
export function createPoolClient(
  { cognito }: Pick<AwsClients, 'cognito'>,
  { userPoolId: UserPoolId, clientId: ClientId }: { userPoolId: string; clientId: string },
): PoolClient {
  let known: Promise<ClientProof> | undefined;

  async function read(): Promise<ClientProof> {
    const { UserPoolClient } = await cognito.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }));
    const ClientSecret = UserPoolClient?.ClientSecret;
    if (!ClientSecret) throw new Error('The app client of the user pool has no secret');
    const hashOf = (username: string) =>
      createHmac('sha256', ClientSecret)
        .update(username + ClientId)
        .digest('base64');
    return { ClientId, ClientSecret, hashOf };
  }

  async function proof(): Promise<ClientProof> {
    known ??= read();
    try {
      return await known;
    } catch (error) {
      known = undefined;
      throw error;
    }
  }

  return {
    async as(call) {
      try {
        return await call(await proof());
      } catch (error) {
        if (!isAboutTheClient(error)) throw error;
      }
      known = undefined;
      try {
        return await call(await proof());
      } catch (error) {
        if (!isAboutTheClient(error)) throw error;
        throw new Error('The user pool refuses the secret of our own app client', { cause: error });
      }
    },
  };
}

/** The pool has no error of its own for it: a wrong password is a NotAuthorizedException too. */
function isAboutTheClient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'UnauthorizedException') return /secret/i.test(error.message);
  return error instanceof NotAuthorizedException && /secret/i.test(error.message);
}

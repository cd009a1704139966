import { z } from 'zod';
import { localRegion } from '../wire/account.ts';
import { cognitoError } from './errors.ts';
import type { Client, Pool } from './pool-store.ts';
import { attributeList, type User } from './user-store.ts';

/** Calls a Lambda function by its ARN, as Cognito. */
export type InvokeTrigger = (functionArn: string, event: object) => Promise<unknown>;

export type TokenSource = 'TokenGeneration_Authentication' | 'TokenGeneration_RefreshTokens';

/** What a user may do with their access token at the user pool itself. */
export const selfServiceScope = 'aws.cognito.signin.user.admin';

const answerSchema = z.object({
  response: z.object({
    claimsAndScopeOverrideDetails: z
      .object({
        accessTokenGeneration: z
          .object({
            scopesToAdd: z.array(z.string()).nullish(),
            scopesToSuppress: z.array(z.string()).nullish(),
          })
          .nullish(),
      })
      .nullish(),
  }),
});
const tries = 3;

/**
 * The scopes of a new access token, as the pool's pre token generation trigger (V2_0) wants them. Without an answer in
 * three tries there is no token: throws UnexpectedLambdaException, InvalidLambdaResponseException.
 */
export function createTokenTrigger(invoke: InvokeTrigger) {
  return async ({
    pool,
    user,
    client,
    source,
  }: {
    pool: Pool;
    user: User;
    client: Client;
    source: TokenSource;
  }): Promise<string[]> => {
    const arn = pool.config.LambdaConfig.PreTokenGenerationConfig?.LambdaArn;
    if (arn === undefined) return [selfServiceScope];
    const event = {
      version: '2',
      triggerSource: source,
      region: localRegion,
      userPoolId: pool.id,
      userName: user.username,
      callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: client.id },
      request: {
        userAttributes: {
          ...Object.fromEntries(attributeList(user).map(({ Name, Value }) => [Name, Value])),
          'cognito:user_status': user.status,
        },
        groupConfiguration: { groupsToOverride: [], iamRolesToOverride: [], preferredRole: null },
        scopes: [selfServiceScope],
      },
      response: { claimsAndScopeOverrideDetails: null },
    };
    const answer = answerSchema.safeParse(await answerOf(() => invoke(arn, event)));
    if (!answer.success) throw cognitoError('InvalidLambdaResponseException', 'Unrecognizable lambda output');
    const { scopesToAdd, scopesToSuppress } =
      answer.data.response.claimsAndScopeOverrideDetails?.accessTokenGeneration ?? {};
    const suppressed = new Set(scopesToSuppress);
    return [selfServiceScope, ...(scopesToAdd ?? [])].filter((scope) => !suppressed.has(scope));
  };
}

async function answerOf(invoke: () => Promise<unknown>): Promise<unknown> {
  let cause: unknown;
  for (let time = 1; time <= tries; time += 1) {
    try {
      return await invoke();
    } catch (error) {
      cause = error;
    }
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw cognitoError('UnexpectedLambdaException', `PreTokenGeneration invocation failed due to error ${reason}.`);
}

import type { PreTokenGenerationV2TriggerEvent } from 'aws-lambda';
import { afterEach, expect, it, vi } from 'vitest';
import { handler } from './token-scopes.handler.ts';
import { withoutSelfService } from './without-self-service.ts';

function eventOf(
  clientId: string,
  triggerSource: PreTokenGenerationV2TriggerEvent['triggerSource'] = 'TokenGeneration_Authentication',
): PreTokenGenerationV2TriggerEvent {
  return {
    version: '2',
    triggerSource,
    region: 'us-east-1',
    userPoolId: 'us-east-1_pool',
    userName: '0b5ed1ab-93a3-4b1f-8df5-0ad1c9f6a1c5',
    callerContext: { awsSdkVersion: '3', clientId },
    request: { userAttributes: {}, groupConfiguration: {}, scopes: ['aws.cognito.signin.user.admin'] },
    response: {
      claimsAndScopeOverrideDetails: {},
    },
  };
}

afterEach(() => vi.unstubAllEnvs());

it('takes the scope of self-service from the tokens of every client but the one of presence', () => {
  for (const source of ['TokenGeneration_Authentication', 'TokenGeneration_RefreshTokens'] as const)
    for (const client of ['web', 'some-other'])
      expect(withoutSelfService(eventOf(client, source), 'presence').response).toEqual({
        claimsAndScopeOverrideDetails: {
          accessTokenGeneration: { scopesToSuppress: ['aws.cognito.signin.user.admin'] },
        },
      });
  const kept = eventOf('presence');
  expect(withoutSelfService(kept, 'presence')).toBe(kept);
});

it('gives no token where it does not know the client of presence', async () => {
  vi.stubEnv('USER_POOL_PRESENCE_CLIENT_ID', '');
  await expect(handler(eventOf('web'))).rejects.toThrow('USER_POOL_PRESENCE_CLIENT_ID is not set');
  vi.stubEnv('USER_POOL_PRESENCE_CLIENT_ID', 'presence');
  expect(await handler(eventOf('presence'))).toEqual(eventOf('presence'));
});

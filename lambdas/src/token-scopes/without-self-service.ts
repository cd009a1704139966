import type { PreTokenGenerationV2TriggerEvent } from 'aws-lambda';

/** What lets whoever holds an access token change the user at the pool, past all of our routes. */
const selfService = 'aws.cognito.signin.user.admin';

/**
 * Takes the scope of self-service out of access tokens, which browsers hold.
 * @param presenceClient app client whose tokens keep it: they never leave the function that asks for them
 */
export function withoutSelfService(
  event: PreTokenGenerationV2TriggerEvent,
  presenceClient: string,
): PreTokenGenerationV2TriggerEvent {
  if (event.callerContext.clientId === presenceClient) return event;
  const claimsAndScopeOverrideDetails = { accessTokenGeneration: { scopesToSuppress: [selfService] } };
  return { ...event, response: { claimsAndScopeOverrideDetails } };
}

import type { PreTokenGenerationV2TriggerEvent } from 'aws-lambda';
import { withoutSelfService } from './without-self-service.ts';

/**
 * Lambda handler of the user pool, before each access token. Without it, or should it fail, nobody gets a token: the
 * doors stay shut.
 */
export async function handler(event: PreTokenGenerationV2TriggerEvent): Promise<PreTokenGenerationV2TriggerEvent> {
  const presenceClient = process.env['USER_POOL_PRESENCE_CLIENT_ID'];
  if (!presenceClient) throw new Error('USER_POOL_PRESENCE_CLIENT_ID is not set');
  return withoutSelfService(event, presenceClient);
}

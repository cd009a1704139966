import type { Limiter, Tenants } from '@top-active/aws';
import type { Credential, UserId } from '@top-active/core/contracts';
import { authLimitKeys } from '@top-active/core/domain';
import { countAttempt } from '../http/attempts.ts';
import { checkOpenAiKey } from './check-openai-key.ts';

export interface CredentialsDeps {
  tenants: Tenants;
  limiter: Limiter;
  openAi: { baseUrl: string; model: string };
  /** Whether OpenAI is the simulated one. */
  simulated: boolean;
}

/** @throws {AppError} as `checkOpenAiKey`, and `too_many_attempts` */
export async function storeOpenAiKey(
  { key, userId, address }: { key: string; userId: UserId; address: string },
  deps: CredentialsDeps,
): Promise<Credential> {
  const limits = authLimitKeys({ action: 'openai-key', address, account: userId });
  await countAttempt(deps.limiter, limits);
  const checked = await checkOpenAiKey(key, { ...deps.openAi, now: Date.now() });
  await deps.limiter.succeeded(limits);
  const tenant = await deps.tenants.for(userId);
  return tenant.credentials.put({
    provider: 'openai',
    hint: key.slice(-4),
    scopes: [],
    simulated: deps.simulated,
    secret: key,
    ...checked,
  });
}

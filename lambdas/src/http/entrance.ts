import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { functions, type FunctionName } from '../functions.ts';

/** What CloudFront adds to each request that it passes on, and takes from those that it gets. */
const proofHeader = 'x-origin-secret';

/**
 * The secret that CloudFront sends, and the next one: so it can be changed without a moment in which one side lacks it.
 */
const originSecretsSchema = z
  .object({ ORIGIN_SECRETS: z.string().min(1) })
  .transform(({ ORIGIN_SECRETS }) => ORIGIN_SECRETS.split(',').filter((secret) => secret !== ''));

type Headers = Readonly<Record<string, string | undefined>>;

/**
 * Tells who came in through CloudFront, where limits and firewall are, and not by the API's own address. Only after
 * that may `cloudfront-viewer-address` be believed. A function without `ORIGIN_SECRETS` lets everybody in.
 * @throws Error when the function names the variable in `functions.ts`, and has none
 */
export function createEntrance(name: FunctionName, env: NodeJS.ProcessEnv): (headers: Headers) => boolean {
  const isGuarded = functions.some((one) => one.name === name && one.environment.includes('ORIGIN_SECRETS'));
  if (!isGuarded) return () => true;
  const secrets = originSecretsSchema.parse(env);
  return (headers) => {
    const [, proof] = Object.entries(headers).find(([header]) => header.toLowerCase() === proofHeader) ?? [];
    return proof !== undefined && secrets.some((secret) => isSame(proof, secret));
  };
}

function isSame(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

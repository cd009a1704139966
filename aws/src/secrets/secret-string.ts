import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { LRUCache } from 'lru-cache';
import type { AwsClients } from '../calls/clients.ts';

const cache = new LRUCache<string, string>({ max: 20, ttl: 5 * 60_000 });

/** Value of a secret in Secrets Manager, kept for 5 minutes. */
export async function readSecretString(clients: AwsClients, arn: string): Promise<string> {
  const cached = cache.get(arn);
  if (cached !== undefined) return cached;
  const { SecretString } = await clients.secretsManager.send(new GetSecretValueCommand({ SecretId: arn }));
  if (SecretString === undefined) throw new Error('Secret has no string value');
  cache.set(arn, SecretString);
  return SecretString;
}

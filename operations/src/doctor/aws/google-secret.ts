import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { fail, ok, warn, type Check, type Finding } from '../finding.ts';
import type { Inventory } from './inventory.ts';

export function googleSecretCheck(secrets: SecretsManagerClient, inventory: Inventory): Check {
  return { title: 'Google client secret', look: async () => judgeGoogleSecret(await readSecret(secrets, inventory)) };
}

/** What kind of value is there: the value itself goes nowhere. */
export type SecretKind = 'absent' | 'empty' | 'google' | 'other';

export function kindOfSecret(value: string | undefined): SecretKind {
  if (value === undefined || value.trim() === '') return 'empty';
  return value.startsWith('GOCSPX-') ? 'google' : 'other';
}

export function judgeGoogleSecret(kind: SecretKind): Finding {
  const remedy =
    'Put the client secret from the Google Cloud console into the secret GoogleClientSecret, as plain text.';
  if (kind === 'google') return ok('set to a Google client secret');
  if (kind === 'other') return warn('not a Google client secret; the deployment filled in a random text', remedy);
  return fail(kind === 'absent' ? 'there is no such secret' : 'is empty', remedy);
}

async function readSecret(secrets: SecretsManagerClient, inventory: Inventory): Promise<SecretKind> {
  const all = await inventory.resources('AWS::SecretsManager::Secret');
  const found = all.find(({ logicalId }) => logicalId.startsWith('GoogleClientSecret'));
  if (!found) return 'absent';
  try {
    const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: found.physicalId }));
    return kindOfSecret(SecretString);
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return 'empty';
    throw error;
  }
}

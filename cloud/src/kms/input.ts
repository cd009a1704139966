import { z } from 'zod';
import type { Access } from '../wire/operation.ts';
import { aliasArn, keyArn, type Key } from './key-store.ts';
import type { EncryptionContext } from './ciphertext.ts';
import { localAccountId } from '../wire/account.ts';

export const keyReference = z.string().min(1).max(2048);
export const encryptionContext = z.record(z.string(), z.string()).default({});
export const rotationPeriod = z.int().min(90).max(2560).default(365);

/** A blob of 1 to `max` bytes. */
export function blob(max: number) {
  return z
    .base64()
    .transform((text) => Buffer.from(text, 'base64'))
    .refine((bytes) => bytes.length >= 1, 'Member must have length greater than or equal to 1')
    .refine((bytes) => bytes.length <= max, `Member must have length less than or equal to ${max}`);
}

export interface KeyAccess {
  /** `Decrypt` */
  action: string;
  key: Key;
  /** As the caller named the key. */
  reference?: string | undefined;
  encryptionContext?: EncryptionContext | undefined;
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html */
export function keyAccess({ action, key, reference, encryptionContext = {} }: KeyAccess): Access {
  const context: Record<string, string | string[]> = { 'kms:CallerAccount': localAccountId };
  const alias = reference === undefined ? -1 : reference.indexOf('alias/');
  if (reference !== undefined && alias >= 0) context['kms:RequestAlias'] = reference.slice(alias);
  const names = Object.keys(encryptionContext);
  if (names.length > 0) context['kms:EncryptionContextKeys'] = names;
  for (const [name, value] of Object.entries(encryptionContext)) context[`kms:EncryptionContext:${name}`] = value;
  return { action: `kms:${action}`, resource: keyArn(key.id), context };
}

export function aliasAccess(action: string, name: string): Access {
  return { action: `kms:${action}`, resource: aliasArn(name) };
}

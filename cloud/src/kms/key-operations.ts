import { z } from 'zod';
import { localAccountId } from '../wire/account.ts';
import { epochSeconds } from '../wire/json-protocol.ts';
import type { DefineOperation, Operation } from '../wire/operation.ts';
import { kmsError, validationError } from './errors.ts';
import { aliasAccess, keyAccess, keyReference, rotationPeriod } from './input.ts';
import { aliasArn, keyArn, type Key, type KeyStore } from './key-store.ts';

const dayMs = 86_400_000;
const aliasName = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[a-zA-Z0-9:/_-]+$/);

/** Making, finding, switching and ending keys. */
export function keyOperations(define: DefineOperation, store: KeyStore, now: () => number): Record<string, Operation> {
  const oneKey = z.object({ KeyId: keyReference });

  /** These operations take no alias. */
  function findByKeyId(reference: string): Key {
    if (reference.includes('alias/')) throw kmsError('NotFoundException', `Invalid keyId ${reference}`);
    return store.find(reference);
  }

  /** An operation on one key, which the caller must be allowed to do on it. */
  function onKey(action: string, run: (key: Key) => object): Operation {
    return define({
      input: oneKey,
      access: ({ KeyId }) => [keyAccess({ action, key: findByKeyId(KeyId) })],
      run: ({ KeyId }) => run(findByKeyId(KeyId)),
    });
  }

  return {
    CreateKey: define({
      input: z.object({
        Description: z.string().max(8192).default(''),
        KeySpec: z.literal('SYMMETRIC_DEFAULT').optional(),
        KeyUsage: z.literal('ENCRYPT_DECRYPT').optional(),
      }),
      access: () => [{ action: 'kms:CreateKey', resource: '*' }],
      run: ({ Description }) => ({ KeyMetadata: metadata(store.createKey(Description)) }),
    }),

    DescribeKey: define({
      input: oneKey,
      access: ({ KeyId }) => [keyAccess({ action: 'DescribeKey', key: store.find(KeyId), reference: KeyId })],
      run: ({ KeyId }) => ({ KeyMetadata: metadata(store.find(KeyId)) }),
    }),

    CreateAlias: define({
      input: z.object({ AliasName: aliasName, TargetKeyId: keyReference }),
      access: ({ AliasName, TargetKeyId }) => [
        aliasAccess('CreateAlias', AliasName),
        keyAccess({ action: 'CreateAlias', key: findByKeyId(TargetKeyId) }),
      ],
      run({ AliasName, TargetKeyId }) {
        if (!/^alias\/(?!aws\/)./.test(AliasName)) {
          throw kmsError(
            'InvalidAliasNameException',
            'Alias must start with the prefix "alias/" and not "alias/aws/".',
          );
        }
        store.createAlias(AliasName, notPendingDeletion(findByKeyId(TargetKeyId)));
        return {};
      },
    }),

    ListAliases: define({
      input: z.object({
        KeyId: keyReference.optional(),
        Limit: z.int().min(1).max(100).default(50),
        Marker: z.string().optional(),
      }),
      access: () => [{ action: 'kms:ListAliases', resource: '*' }],
      run({ KeyId, Limit, Marker = '' }) {
        const all = store.aliases(KeyId === undefined ? undefined : findByKeyId(KeyId).id);
        const rest = all.filter(({ name }) => name > Marker);
        const page = rest.slice(0, Limit);
        const Truncated = rest.length > page.length;
        return {
          Aliases: page.map(({ name, keyId, createdAt }) => ({
            AliasName: name,
            AliasArn: aliasArn(name),
            TargetKeyId: keyId,
            CreationDate: epochSeconds(createdAt),
            LastUpdatedDate: epochSeconds(createdAt),
          })),
          Truncated,
          NextMarker: Truncated ? page.at(-1)?.name : undefined,
        };
      },
    }),

    DisableKey: onKey('DisableKey', (key) => {
      store.setState(notPendingDeletion(key), 'Disabled');
      return {};
    }),

    EnableKey: onKey('EnableKey', (key) => {
      store.setState(notPendingDeletion(key), 'Enabled');
      return {};
    }),

    EnableKeyRotation: define({
      input: oneKey.extend({ RotationPeriodInDays: rotationPeriod }),
      access: ({ KeyId }) => [keyAccess({ action: 'EnableKeyRotation', key: findByKeyId(KeyId) })],
      run({ KeyId, RotationPeriodInDays }) {
        const key = notPendingDeletion(findByKeyId(KeyId));
        if (key.state === 'Disabled') throw kmsError('DisabledException', `${keyArn(key.id)} is disabled.`);
        store.enableRotation(key, RotationPeriodInDays);
        return {};
      },
    }),

    GetKeyRotationStatus: onKey('GetKeyRotationStatus', ({ id, state, rotationDays, rotationFrom }) => ({
      KeyId: keyArn(id),
      KeyRotationEnabled: rotationDays !== null && state !== 'PendingDeletion',
      ...(rotationDays !== null &&
        rotationFrom !== null && {
          RotationPeriodInDays: rotationDays,
          NextRotationDate: epochSeconds(rotationFrom + rotationDays * dayMs),
        }),
    })),

    ScheduleKeyDeletion: define({
      input: oneKey.extend({ PendingWindowInDays: z.int().default(30) }),
      access: ({ KeyId, PendingWindowInDays }) => [
        {
          ...keyAccess({ action: 'ScheduleKeyDeletion', key: findByKeyId(KeyId) }),
          context: { 'kms:ScheduleKeyDeletionPendingWindowInDays': String(PendingWindowInDays) },
        },
      ],
      run({ KeyId, PendingWindowInDays }) {
        if (PendingWindowInDays < 7 || PendingWindowInDays > 30) {
          throw validationError('PendingWindowInDays must be between 7 and 30.');
        }
        const key = notPendingDeletion(findByKeyId(KeyId));
        const deletionAt = now() + PendingWindowInDays * dayMs;
        store.setState(key, 'PendingDeletion', deletionAt);
        const DeletionDate = epochSeconds(deletionAt);
        return { KeyId: keyArn(key.id), DeletionDate, KeyState: 'PendingDeletion', PendingWindowInDays };
      },
    }),

    CancelKeyDeletion: onKey('CancelKeyDeletion', (key) => {
      if (key.state !== 'PendingDeletion') {
        throw kmsError('KMSInvalidStateException', `${keyArn(key.id)} is not pending deletion.`);
      }
      store.setState(key, 'Disabled');
      return { KeyId: keyArn(key.id) };
    }),
  };
}

function notPendingDeletion(key: Key): Key {
  if (key.state === 'PendingDeletion') {
    throw kmsError('KMSInvalidStateException', `${keyArn(key.id)} is pending deletion.`);
  }
  return key;
}

function metadata(key: Key): object {
  return {
    AWSAccountId: localAccountId,
    KeyId: key.id,
    Arn: keyArn(key.id),
    CreationDate: epochSeconds(key.createdAt),
    Enabled: key.state === 'Enabled',
    Description: key.description,
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: key.state,
    DeletionDate: key.deletionAt === null ? undefined : epochSeconds(key.deletionAt),
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: false,
  };
}

import { join } from 'node:path';
import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetKeyRotationStatusCommand,
  type KMSClient,
  ListAliasesCommand,
  ReEncryptCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../wire/aws-error.ts';
import { startEmulatorChild } from '../wire/emulator-child.ts';
import type { AuthorizationRequest } from '../wire/operation.ts';
import { clientOf, startTestKms, type TestKms } from './kms-fixture.ts';

const dayMs = 86_400_000;
let time = Date.UTC(2026, 0, 1);
let asked: AuthorizationRequest[] = [];
let refusal: AwsError | undefined;
let fixture: TestKms;
let kms: KMSClient;
let newKey: TestKms['newKey'];

beforeAll(async () => {
  fixture = await startTestKms({
    now: () => time,
    authorize(request) {
      asked.push(request);
      if (refusal) throw refusal;
    },
  });
  kms = fixture.kms;
  newKey = () => fixture.newKey();
});

beforeEach(() => {
  asked = [];
  refusal = undefined;
});

afterAll(() => fixture.close());

describe('keys', () => {
  it('describes a key by id, ARN, alias and alias ARN', async () => {
    const key = await newKey();
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/described', TargetKeyId: key.id }));
    const names = [key.id, key.arn, 'alias/described', 'arn:aws:kms:us-east-1:000000000000:alias/described'];
    for (const KeyId of names) {
      const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
      expect(KeyMetadata).toMatchObject({
        KeyId: key.id,
        KeyState: 'Enabled',
        Enabled: true,
        KeyUsage: 'ENCRYPT_DECRYPT',
      });
      expect(KeyMetadata?.CreationDate).toEqual(new Date(time));
    }
  });

  it('lists aliases in pages', async () => {
    const key = await newKey();
    for (const name of ['a', 'b', 'c']) {
      await kms.send(new CreateAliasCommand({ AliasName: `alias/page-${name}`, TargetKeyId: key.arn }));
    }
    const first = await kms.send(new ListAliasesCommand({ KeyId: key.id, Limit: 2 }));
    expect(first.Truncated).toBe(true);
    const second = await kms.send(new ListAliasesCommand({ KeyId: key.id, Limit: 2, Marker: first.NextMarker }));
    expect(second.Truncated).toBe(false);
    const names = [...(first.Aliases ?? []), ...(second.Aliases ?? [])].map(({ AliasName }) => AliasName);
    expect(names).toEqual(['alias/page-a', 'alias/page-b', 'alias/page-c']);
  });

  it('refuses a taken or badly named alias', async () => {
    const { id } = await newKey();
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/taken', TargetKeyId: id }));
    const again = kms.send(new CreateAliasCommand({ AliasName: 'alias/taken', TargetKeyId: id }));
    await expect(again).rejects.toMatchObject({ name: 'AlreadyExistsException' });
    const reserved = kms.send(new CreateAliasCommand({ AliasName: 'alias/aws/mine', TargetKeyId: id }));
    await expect(reserved).rejects.toMatchObject({ name: 'InvalidAliasNameException' });
  });

  it('says NotFoundException for unknown keys and aliases', async () => {
    for (const KeyId of ['alias/none', '00000000-0000-4000-8000-000000000000', 'nonsense']) {
      const found = kms.send(new DescribeKeyCommand({ KeyId }));
      await expect(found).rejects.toMatchObject({ name: 'NotFoundException', $fault: 'client' });
    }
  });

  it('makes the key behind an alias once', async () => {
    const made = fixture.emulator.ensureKey({ alias: 'alias/ensured' });
    expect(fixture.emulator.ensureKey({ alias: 'alias/ensured' })).toEqual(made);
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: 'alias/ensured' }));
    expect(KeyMetadata?.Arn).toBe(made.arn);
  });

  it('does not work while disabled, and works again once enabled', async () => {
    const { id: KeyId } = await newKey();
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('text') }));
    await kms.send(new DisableKeyCommand({ KeyId }));
    const disabled = { name: 'DisabledException' };
    await expect(kms.send(new DecryptCommand({ CiphertextBlob }))).rejects.toMatchObject(disabled);
    await expect(kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }))).rejects.toMatchObject(disabled);
    await kms.send(new EnableKeyCommand({ KeyId }));
    expect((await kms.send(new DecryptCommand({ CiphertextBlob }))).KeyId).toContain(KeyId);
  });

  it('schedules a deletion, lets it be cancelled, and deletes when the time has come', async () => {
    const { id: KeyId } = await newKey();
    const short = kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 6 }));
    await expect(short).rejects.toMatchObject({ name: 'ValidationException' });
    const early = kms.send(new CancelKeyDeletionCommand({ KeyId }));
    await expect(early).rejects.toMatchObject({ name: 'KMSInvalidStateException' });

    const scheduled = await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    expect(scheduled.DeletionDate).toEqual(new Date(time + 7 * dayMs));
    const used = kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('text') }));
    await expect(used).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
    const enabled = kms.send(new EnableKeyCommand({ KeyId }));
    await expect(enabled).rejects.toMatchObject({ name: 'KMSInvalidStateException' });

    await kms.send(new CancelKeyDeletionCommand({ KeyId }));
    expect((await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState).toBe('Disabled');

    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    time += 7 * dayMs;
    const gone = kms.send(new DescribeKeyCommand({ KeyId }));
    await expect(gone).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it('rotates the material on schedule and still opens what was sealed before', async () => {
    const { id: KeyId } = await newKey();
    expect((await kms.send(new GetKeyRotationStatusCommand({ KeyId }))).KeyRotationEnabled).toBe(false);
    await kms.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }));
    const status = await kms.send(new GetKeyRotationStatusCommand({ KeyId }));
    expect(status).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 90 });
    expect(status.NextRotationDate).toEqual(new Date(time + 90 * dayMs));

    const seal = async () => {
      const { CiphertextBlob = new Uint8Array() } = await kms.send(
        new EncryptCommand({ KeyId, Plaintext: Buffer.from('text') }),
      );
      return { CiphertextBlob, materialVersion: Buffer.from(CiphertextBlob).readUInt32BE(17) };
    };
    const before = await seal();
    time += 91 * dayMs;
    const after = await seal();
    expect([before.materialVersion, after.materialVersion]).toEqual([1, 2]);
    for (const { CiphertextBlob } of [before, after]) {
      const { Plaintext } = await kms.send(new DecryptCommand({ CiphertextBlob }));
      expect(Buffer.from(Plaintext ?? []).toString()).toBe('text');
    }
  });
});

describe('authorization', () => {
  it('asks with action, key ARN, encryption context and the caller of the signature', async () => {
    const { arn } = await newKey();
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/asked', TargetKeyId: arn }));
    asked = [];
    const { CiphertextBlob } = await kms.send(
      new GenerateDataKeyCommand({ KeyId: 'alias/asked', KeySpec: 'AES_256', EncryptionContext: { userId: 'ana' } }),
    );
    await kms.send(
      new ReEncryptCommand({ CiphertextBlob, SourceEncryptionContext: { userId: 'ana' }, DestinationKeyId: arn }),
    );
    expect(asked.map(({ action, resource }) => ({ action, resource }))).toEqual([
      { action: 'kms:GenerateDataKey', resource: arn },
      { action: 'kms:ReEncryptFrom', resource: arn },
      { action: 'kms:ReEncryptTo', resource: arn },
    ]);
    expect(asked[0]).toMatchObject({
      service: 'kms',
      credentials: { accessKeyId: 'AKIATEST', sessionToken: 'session' },
      context: {
        'kms:EncryptionContext:userId': 'ana',
        'kms:EncryptionContextKeys': ['userId'],
        'kms:RequestAlias': 'alias/asked',
      },
    });
  });

  it('does nothing that was refused', async () => {
    const { id: KeyId } = await newKey();
    refusal = new AwsError({ code: 'AccessDeniedException', message: 'not yours' });
    const disabled = kms.send(new DisableKeyCommand({ KeyId }));
    await expect(disabled).rejects.toMatchObject({ name: 'AccessDeniedException', message: 'not yours' });
    refusal = undefined;
    expect((await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState).toBe('Enabled');
  });

  it('refuses a request that nobody signed', async () => {
    const response = await fetch(fixture.endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'TrentService.CreateKey' },
      body: '{}',
    });
    expect(await response.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
  });
});

it('keeps keys and aliases when its process is killed', async () => {
  const module = new URL('./index.ts', import.meta.url).href;
  const options = { dir: join(fixture.dir, 'killed') };
  const first = await startEmulatorChild({ module, factory: 'createKmsEmulator', options });
  const before = clientOf(first.endpoint);
  const { KeyMetadata } = await before.send(new CreateKeyCommand({}));
  await before.send(new CreateAliasCommand({ AliasName: 'alias/kept', TargetKeyId: KeyMetadata?.KeyId }));
  const sealed = await before.send(new EncryptCommand({ KeyId: 'alias/kept', Plaintext: Buffer.from('text') }));
  await first.kill();
  before.destroy();

  const second = await startEmulatorChild({ module, factory: 'createKmsEmulator', options });
  const after = clientOf(second.endpoint);
  const opened = await after.send(new DecryptCommand({ KeyId: 'alias/kept', CiphertextBlob: sealed.CiphertextBlob }));
  expect(Buffer.from(opened.Plaintext ?? []).toString()).toBe('text');
  after.destroy();
  await second.kill();
});

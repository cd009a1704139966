import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  STSClient,
  type AssumeRoleCommandInput,
} from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../wire/aws-error.ts';
import { startEmulatorChild } from '../wire/emulator-child.ts';
import type { AuthorizationRequest } from '../wire/operation.ts';
import { createStsEmulator, type StsEmulator } from './emulator.ts';

const dir = mkdtempSync(join(tmpdir(), 'sts-'));
const RoleArn = 'arn:aws:iam::000000000000:role/app/tenant';
const RoleSessionName = 'user-ana';
const lambdaArn = 'arn:aws:sts::000000000000:assumed-role/chats/chats';
let time = Date.UTC(2026, 0, 1);
let asked: AuthorizationRequest[] = [];
let refusal: AwsError | undefined;
let emulator: StsEmulator;
const clients: STSClient[] = [];

function client(accessKeyId: string, sessionToken?: string, endpoint = emulator.endpoint): STSClient {
  const credentials = { accessKeyId, secretAccessKey: 'secret', ...(sessionToken !== undefined && { sessionToken }) };
  const made = new STSClient({ endpoint, region: 'us-east-1', credentials });
  clients.push(made);
  return made;
}

async function assume(sts: STSClient, input: Partial<AssumeRoleCommandInput> = {}) {
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName, ...input }));
  if (!Credentials?.AccessKeyId || !Credentials.SecretAccessKey || !Credentials.SessionToken || !Credentials.Expiration)
    throw new Error('No credentials');
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials;
  return { AccessKeyId, SecretAccessKey, SessionToken, Expiration };
}

beforeAll(async () => {
  emulator = await createStsEmulator({
    dir,
    now: () => time,
    authorize(request) {
      asked.push(request);
      if (refusal) throw refusal;
    },
  });
  emulator.registerPrincipal({ accessKeyId: 'AKIAROOT', arn: 'arn:aws:iam::000000000000:user/root' });
  emulator.registerPrincipal({ accessKeyId: 'AKIALAMBDA', arn: lambdaArn, tags: { team: 'x' } });
});

beforeEach(() => {
  asked = [];
  refusal = undefined;
});

afterAll(async () => {
  for (const made of clients) made.destroy();
  await emulator.close();
  rmSync(dir, { recursive: true });
});

describe('AssumeRole', () => {
  it('gives credentials for a tagged session that resolve to it', async () => {
    const credentials = await assume(client('AKIALAMBDA'), {
      DurationSeconds: 900,
      Tags: [{ Key: 'userId', Value: 'ana' }],
      TransitiveTagKeys: ['userId'],
      Policy: '{"Version":"2012-10-17","Statement":[]}',
    });
    expect(credentials.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(credentials.Expiration).toEqual(new Date(time + 900_000));
    expect(emulator.resolve(credentials.AccessKeyId)).toMatchObject({
      arn: 'arn:aws:sts::000000000000:assumed-role/tenant/user-ana',
      tags: { userId: 'ana' },
      expiresAt: time + 900_000,
      session: { roleArn: RoleArn, sessionName: 'user-ana', policy: '{"Version":"2012-10-17","Statement":[]}' },
    });
  });

  it('tells the session who it is', async () => {
    const { AccessKeyId, SessionToken } = await assume(client('AKIAROOT'));
    const identity = await client(AccessKeyId, SessionToken).send(new GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({
      Account: '000000000000',
      Arn: 'arn:aws:sts::000000000000:assumed-role/tenant/user-ana',
      UserId: expect.stringMatching(/^AROA[0-9A-F]{17}:user-ana$/),
    });
  });

  it('ends the session at its expiry', async () => {
    const { AccessKeyId, SessionToken } = await assume(client('AKIAROOT'), { DurationSeconds: 900 });
    time += 899_999;
    expect(emulator.resolve(AccessKeyId)).toBeDefined();
    time += 1;
    expect(() => emulator.resolve(AccessKeyId)).toThrow(expect.objectContaining({ code: 'ExpiredTokenException' }));
    const identity = client(AccessKeyId, SessionToken).send(new GetCallerIdentityCommand({}));
    await expect(identity).rejects.toMatchObject({ name: 'ExpiredTokenException' });
  });

  it('takes a role session of at most one hour from another role session', async () => {
    const chained = client('AKIALAMBDA').send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName, DurationSeconds: 3601 }),
    );
    await expect(chained).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining('chaining'),
    });
    emulator.registerPrincipal({ accessKeyId: 'AKIAROLE', arn: 'arn:aws:iam::000000000000:role/chats' });
    const byRole = assume(client('AKIAROLE'), { DurationSeconds: 3601 });
    await expect(byRole).rejects.toMatchObject({ name: 'ValidationError' });
    await assume(client('AKIALAMBDA'), { DurationSeconds: 3600 });
    await assume(client('AKIAROOT'), { DurationSeconds: 43_200 });
  });

  it('hands transitive tags down, and no others', async () => {
    const Tags = [
      { Key: 'userId', Value: 'ana' },
      { Key: 'step', Value: 'one' },
    ];
    const first = await assume(client('AKIAROOT'), { Tags, TransitiveTagKeys: ['userId'] });
    const sts = client(first.AccessKeyId, first.SessionToken);
    const second = await assume(sts, {
      RoleArn: 'arn:aws:iam::000000000000:role/other',
      Tags: [{ Key: 'step', Value: '2' }],
    });
    expect(emulator.resolve(second.AccessKeyId)?.tags).toEqual({ userId: 'ana', step: '2' });
    const replaced = assume(sts, { Tags: [{ Key: 'userId', Value: 'bia' }] });
    await expect(replaced).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it.each<[string, Partial<AssumeRoleCommandInput>, string]>([
    ['a short duration', { DurationSeconds: 899 }, 'ValidationError'],
    ['a long duration', { DurationSeconds: 43_201 }, 'ValidationError'],
    ['a bad role ARN', { RoleArn: 'arn:aws:iam::0:user/x-is-not-a-role' }, 'ValidationError'],
    ['a session name with spaces', { RoleSessionName: 'a b' }, 'ValidationError'],
    ['a long tag value', { Tags: [{ Key: 'k', Value: 'v'.repeat(257) }] }, 'ValidationError'],
    [
      'tag keys that differ in case only',
      {
        Tags: [
          { Key: 'k', Value: '' },
          { Key: 'K', Value: '' },
        ],
      },
      'InvalidParameterValue',
    ],
    ['a transitive key without tag', { TransitiveTagKeys: ['k'] }, 'InvalidParameterValue'],
    ['a policy that is no JSON', { Policy: '{' }, 'MalformedPolicyDocumentException'],
  ])('refuses %s', async (_name, input, name) => {
    await expect(assume(client('AKIAROOT'), input)).rejects.toMatchObject({ name, $fault: 'client' });
  });

  it('asks for sts:AssumeRole, and for sts:TagSession when there are tags', async () => {
    await assume(client('AKIALAMBDA'));
    expect(asked.map(({ action }) => action)).toEqual(['sts:AssumeRole']);
    asked = [];
    await assume(client('AKIALAMBDA'), { Tags: [{ Key: 'userId', Value: 'ana' }] });
    expect(asked.map(({ action, resource }) => [action, resource])).toEqual([
      ['sts:AssumeRole', RoleArn],
      ['sts:TagSession', RoleArn],
    ]);
    expect(asked[0]?.context).toMatchObject({ 'aws:RequestTag/userId': 'ana', 'aws:TagKeys': ['userId'] });
    expect(asked[0]?.credentials).toEqual({ accessKeyId: 'AKIALAMBDA' });
  });

  it('gives nothing when refused', async () => {
    refusal = new AwsError({ code: 'AccessDenied', message: 'not "you" & not <me>', status: 403 });
    const refused = assume(client('AKIALAMBDA'));
    await expect(refused).rejects.toMatchObject({ name: 'AccessDenied', message: 'not "you" & not <me>' });
  });
});

describe('callers', () => {
  it('knows registered principals', async () => {
    const identity = await client('AKIALAMBDA').send(new GetCallerIdentityCommand({}));
    expect(identity.Arn).toBe(lambdaArn);
    expect(emulator.resolve('AKIALAMBDA')).toMatchObject({ arn: lambdaArn, tags: { team: 'x' }, session: null });
    expect(emulator.resolve('AKIAUNKNOWN')).toBeUndefined();
  });

  it('refuses unknown access keys and a session key without its token', async () => {
    const unknown = { name: 'InvalidClientTokenId' };
    await expect(client('AKIAUNKNOWN').send(new GetCallerIdentityCommand({}))).rejects.toMatchObject(unknown);
    await expect(assume(client('AKIAUNKNOWN'))).rejects.toMatchObject(unknown);
    const { AccessKeyId } = await assume(client('AKIAROOT'));
    await expect(client(AccessKeyId, 'forged').send(new GetCallerIdentityCommand({}))).rejects.toMatchObject(unknown);
  });
});

it('keeps its sessions when its process is killed', async () => {
  const module = new URL('./index.ts', import.meta.url).href;
  const options = { dir: join(dir, 'killed') };
  const registered = await createStsEmulator(options);
  registered.registerPrincipal({ accessKeyId: 'AKIAROOT', arn: 'arn:aws:iam::000000000000:user/root' });
  await registered.close();

  const first = await startEmulatorChild({ module, factory: 'createStsEmulator', options });
  const { AccessKeyId, SessionToken } = await assume(client('AKIAROOT', undefined, first.endpoint), {
    Tags: [{ Key: 'userId', Value: 'ana' }],
  });
  await first.kill();

  const restarted = await createStsEmulator(options);
  expect(restarted.resolve(AccessKeyId)).toMatchObject({
    tags: { userId: 'ana' },
    session: { sessionToken: SessionToken },
  });
  await restarted.close();
});

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { createClients, createTenants, type AwsClients, type Tenants } from '@top-active/aws';
import { startDynamoDb } from '@top-active/aws/test-support/dynoxide';
import { createKmsEmulator } from '@top-active/cloud/kms';
import { createStsEmulator, type StsEmulator } from '@top-active/cloud/sts';
import { AwsError, type AuthorizationRequest } from '@top-active/cloud/wire';
import { createClosers } from '@top-active/local/stack/closers';

export interface AwsFixture {
  clients: AwsClients;
  sts: StsEmulator;
  /** Every authorization that KMS and STS asked for. */
  asked: AuthorizationRequest[];
  /** Actions that are refused, like `kms:Decrypt`. */
  denied: Set<string>;
  clock: { now: number };
  /** Each with caches of its own, as another process would have. */
  openTenants(): Tenants;
  close(): Promise<void>;
}

/** The real clients and stores over DynamoDB, KMS and STS. Reads its endpoints from `process.env`, so one at a time. */
export async function startAwsFixture(): Promise<AwsFixture> {
  const closers = createClosers();
  const dir = mkdtempSync(join(tmpdir(), 'aws-'));
  closers.add(() => rmSync(dir, { recursive: true, force: true }));
  const part = (name: string) => {
    mkdirSync(join(dir, name));
    return join(dir, name);
  };
  const asked: AuthorizationRequest[] = [];
  const denied = new Set<string>();
  const authorize = (request: AuthorizationRequest) => {
    asked.push(request);
    if (denied.has(request.action)) throw new AwsError({ code: 'AccessDeniedException', message: 'Not allowed' });
  };
  const clock = { now: Date.now() };
  const now = () => clock.now;
  const [dynamodb, kms, sts] = await Promise.all([
    startDynamoDb(),
    createKmsEmulator({ dir: part('kms'), authorize }),
    createStsEmulator({ dir: part('sts'), authorize, now }),
  ]);
  for (const emulator of [dynamodb, kms, sts]) closers.add(() => emulator.close());
  sts.registerPrincipal({ accessKeyId: 'AKIATEST', arn: 'arn:aws:iam::000000000000:role/function' });
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
    AWS_ENDPOINT_URL_KMS: kms.endpoint,
    AWS_ENDPOINT_URL_STS: sts.endpoint,
  });
  const clients = createClients();
  closers.add(() => clients.close());
  const { KeyMetadata } = await clients.kms.send(new CreateKeyCommand({}));
  const env = {
    ITEMS_TABLE: 'items',
    KEYS_TABLE: 'keys',
    KMS_KEY_ID: KeyMetadata?.KeyId ?? '',
    TENANT_ROLE_ARN: 'arn:aws:iam::000000000000:role/tenant',
    SIMULATED: true,
  };
  return {
    clients,
    sts,
    asked,
    denied,
    clock,
    openTenants: () => createTenants(clients, { env, now }),
    close: () => closers.closeAll(),
  };
}

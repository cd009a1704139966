import { randomBytes } from 'node:crypto';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { TableName } from '@top-active/aws/table-definitions';
import {
  createCognitoEmulator,
  type CognitoMail,
  type EnsuredPool,
  type Fault,
  type InvokeTrigger,
} from '@top-active/cloud/cognito';
import { startDynamoDb } from '@top-active/cloud/dynamodb';
import {
  createAuthorizer,
  createDynamoDbDoor,
  createEvaluator,
  createSqsS3Door,
  encryptionAccess,
  loadTemplates,
  readDeployment,
  type AccessEvent,
  type Authorizer,
  type Denial,
  type Deployment,
} from '@top-active/cloud/iam';
import { createKmsEmulator } from '@top-active/cloud/kms';
import type { CloudMeter, MeteredService } from '@top-active/cloud/metering';
import { createSecretsManagerEmulator } from '@top-active/cloud/secrets-manager';
import { startSqsS3 } from '@top-active/cloud/sqs-s3';
import { createStsEmulator, type StsEmulator } from '@top-active/cloud/sts';
import { localAccountId, localRegion } from '@top-active/cloud/wire';
import type { Closers } from './closers.ts';
import { makeTables, tableNames, tableVariables } from './make-tables.ts';
import { waitTelling, type OnSlow } from './slow-wait.ts';
import { startSideBySide } from './start-side-by-side.ts';
import type { StateFolder } from './state-folder.ts';
import { userPoolOf } from './user-pool-of.ts';

/** Addresses and names of everything in the embedded cloud. */
export interface Cloud {
  endpoints: { dynamodb: string; sqs: string; kms: string; sts: string; cognito: string; secretsManager: string };
  /** Where servers listen behind their doors: for whoever owns the machine, and so everything stored on it. */
  servers: { dynamodb: string };
  sts: StsEmulator;
  authorizer: Authorizer;
  /** What the synthesized templates say about all of it. */
  deployment: Deployment;
  tables: Readonly<Record<TableName, string>>;
  /** ARN of the items table's stream. */
  itemsStreamArn: string;
  kmsKeyId: string;
  /** As the client of the web app. */
  pool: EnsuredPool;
  /** Id of the app client whose logins set up a second factor. */
  presenceClientId: string;
  assistantQueue: { url: string; arn: string };
  /**
   * Keeps stream records that a function could not take, in the function's name, as the on-failure destination does.
   */
  keepStreamFailures(functionName: string, records: readonly object[]): Promise<void>;
  wakeQueueUrlTemplate: string;
  /** Gives a secret of the templates its value, as an operator does after the first deployment. */
  putSecret(arn: string, value: string): void;
  /** Has the user pool's triggers called so. Before that nobody gets a token. */
  callTriggers(invoke: (functionName: string, event: unknown) => Promise<unknown>): void;
  /** For tests: the user pool's next calls of an operation fail. */
  failIdentity(fault: Fault): void;
}

export interface BootCloudOptions {
  state: StateFolder;
  closers: Closers;
  onEmail: (mail: CognitoMail) => void;
  /** Told when a part that others need has ended by itself. */
  onError: (error: unknown) => void;
  /** Two by default. */
  shards?: number | undefined;
  /** Counts every request. */
  meter?: CloudMeter | undefined;
  /** Every access that was evaluated. */
  onAccess?: ((event: AccessEvent) => void) | undefined;
  /** Cognito sends the e-mails itself, fifty a day, as in an account without SES; otherwise without end. */
  cognitoMails?: boolean | undefined;
  /** Told of what takes long. */
  onSlow?: OnSlow | undefined;
  /** Every access that was denied, with what the caller isn't told. */
  onDenied?: ((denial: Denial) => void) | undefined;
}

/** Fewer than in AWS: one host on one laptop. */
export const localShards = 2;
/** The environment of infra whose templates the laptop runs by. */
const environmentOfInfra = 'dev';
const assistantQueueName = 'assistant.fifo';

/** Starts the emulators behind their doors and makes what the deployment would make in them. */
export async function bootCloud(options: BootCloudOptions): Promise<Cloud> {
  const { closers, meter, onError, onAccess, onDenied, onSlow = () => undefined, cognitoMails = false } = options;
  const authorizer = createAuthorizer({
    resolve: (accessKeyId) => parts.sts.resolve(accessKeyId),
    onAccess,
    onDenied,
  });
  const doorKey = randomBytes(24).toString('hex');
  let deployment: Deployment | undefined;
  let callTrigger: ((functionName: string, event: unknown) => Promise<unknown>) | undefined;
  const invokeTrigger: InvokeTrigger = async (arn, event) => {
    const functionName = deployment?.functionOfArn(arn);
    if (functionName === undefined || !callTrigger) throw new Error(`No function runs here as ${arn}`);
    return callTrigger(functionName, event);
  };
  const keyOf = (arn: string) => deployment?.encryptionKeyOf(arn);
  const [templates, parts] = await Promise.all([
    waitTelling(() => loadTemplates(environmentOfInfra), {
      what: () => 'Reading the permissions from the templates (they are made once after a change)',
      onSlow,
    }),
    waitTelling(() => startParts({ ...options, authorizer, doorKey, keyOf, invokeTrigger }), {
      what: () => 'Starting DynamoDB and the other emulators',
      onSlow,
    }),
  ]);
  const doors = await startSideBySide(closers, {
    dynamodb: () =>
      createDynamoDbDoor({
        target: parts.dynamodb.endpoint,
        authorizer,
        facts: () => ({ tables: deployment?.tables ?? new Map(), encryptionKeyOf: keyOf }),
        onError,
      }),
    sqsS3: () =>
      createSqsS3Door({
        target: parts.sqs.endpoint,
        headers: { 'x-door-key': doorKey },
        authorizer,
        encryptionKeyOf: keyOf,
        onError,
      }),
  });

  const metered = async (service: MeteredService, { endpoint }: { endpoint: string }) =>
    meter ? meter.inFrontOf(service, endpoint) : endpoint;
  const endpoints = {
    dynamodb: await metered('dynamodb', doors.dynamodb),
    sqs: await metered('sqs', doors.sqsS3),
    kms: await metered('kms', parts.kms),
    sts: await metered('sts', parts.sts),
    cognito: await metered('cognito', parts.cognito),
    secretsManager: parts.secretsManager.endpoint,
  };

  const { itemsStreamArn } = await makeTables(parts.dynamodb.endpoint);
  const secretsKey = parts.kms.ensureKey({
    alias: 'alias/top-active-secrets',
    description: 'Wraps one data key per user secret',
  });
  const userPool = userPoolOf(templates, { cognitoMails });
  const ensure = (client: keyof typeof userPool.clients) =>
    parts.cognito.ensurePool({
      name: 'top-active',
      clientName: client,
      pool: userPool.pool,
      client: userPool.clients[client],
    });
  const [pool, presence] = [ensure('Web'), ensure('Presence')];
  deployment = readDeployment(templates, {
    ...tableVariables({ itemsStreamArn }),
    KMS_KEY_ID: { name: secretsKey.keyId },
    USER_POOL_ID: { name: pool.userPoolId },
    USER_POOL_CLIENT_ID: { name: pool.clientId },
    USER_POOL_PRESENCE_CLIENT_ID: { name: presence.clientId },
    ASSISTANT_QUEUE_URL: { name: assistantQueueName },
  });
  authorizer.enforce(createEvaluator(deployment.policies));
  for (const arn of deployment.arnsOf('AWS::S3::Bucket')) parts.sqs.ensureBucket(arn.replace('arn:aws:s3:::', ''));
  const { shards = localShards } = options;
  const queues = makeQueues({ sqs: parts.sqs, endpoint: endpoints.sqs, deployment, shards });

  return {
    endpoints,
    servers: { dynamodb: parts.dynamodb.endpoint },
    sts: parts.sts,
    authorizer,
    deployment,
    tables: tableNames,
    itemsStreamArn,
    kmsKeyId: secretsKey.keyId,
    pool,
    presenceClientId: presence.clientId,
    ...queues,
    keepStreamFailures: (functionName, records) =>
      keepStreamFailures({ endpoint: endpoints.sqs, queueArn: deployment.failureQueueOf(functionName) }, records, {
        accessKeyId: accessKeyOf(functionName),
        secretAccessKey: 'local',
      }),
    putSecret: (arn, value) => parts.secretsManager.putSecret(arn, value),
    callTriggers(invoke) {
      callTrigger = invoke;
    },
    failIdentity: (fault) => parts.cognito.failNext(fault),
  };
}

function startParts({
  state,
  closers,
  onEmail,
  onError,
  authorizer,
  doorKey,
  keyOf,
  invokeTrigger,
}: BootCloudOptions & {
  authorizer: Authorizer;
  doorKey: string;
  keyOf: (arn: string) => string | undefined;
  invokeTrigger: InvokeTrigger;
}) {
  const { authorize } = authorizer;
  return startSideBySide(closers, {
    dynamodb: () =>
      startDynamoDb({
        hidden: true,
        dir: state.part('dynamodb'),
        endpoint: process.env.DYNAMODB_ENDPOINT,
        onExit: (cause) =>
          onError(
            new Error('The local DynamoDB has stopped. Nothing works until you start this stack again.', { cause }),
          ),
      }),
    sqs: () => startSqsS3({ dir: state.part('sqs-s3'), doorKey }),
    kms: () => createKmsEmulator({ dir: state.part('kms'), authorize, onError }),
    sts: () => createStsEmulator({ dir: state.part('sts'), authorize, onError }),
    cognito: () => createCognitoEmulator({ dir: state.part('cognito'), onEmail, invokeTrigger, authorize, onError }),
    secretsManager: () =>
      createSecretsManagerEmulator({
        authorize,
        onError,
        alsoNeeded(arn) {
          const keyArn = keyOf(arn);
          return keyArn === undefined
            ? []
            : [
                encryptionAccess({
                  keyArn,
                  action: 'kms:Decrypt',
                  service: 'secretsmanager',
                  context: { SecretARN: arn },
                }),
              ];
        },
      }),
  });
}

/** Queues are called as in the templates, so that their policies name them. */
function makeQueues({
  sqs,
  endpoint,
  deployment,
  shards,
}: {
  sqs: Awaited<ReturnType<typeof startSqsS3>>;
  endpoint: string;
  deployment: Deployment;
  shards: number;
}): Pick<Cloud, 'assistantQueue' | 'wakeQueueUrlTemplate'> {
  const urlOf = (name: string) => `${endpoint}/${localAccountId}/${name}`;
  const template = deployment.workload('session-host').environment.WAKE_QUEUE_URL_TEMPLATE ?? '';
  const wakeName = template.slice(template.lastIndexOf('/') + 1);
  const ensureWorkQueue = (name: string, like = name) =>
    sqs.ensureQueue({
      name: name.replace(/\.fifo$/, ''),
      fifo: true,
      ...deployment.workQueue(`arn:aws:sqs:${localRegion}:${localAccountId}:${like}`),
    });
  const wakeQueue = (shard: number) => wakeName.replace('{shard}', String(shard));
  // The laptop may have more shards than the environment whose templates it reads.
  for (let shard = 0; shard < shards; shard += 1) ensureWorkQueue(wakeQueue(shard), wakeQueue(0));
  const assistant = ensureWorkQueue(assistantQueueName);
  for (const { name } of deployment.workloads) {
    const arn = deployment.failureQueueOf(name);
    if (arn !== undefined) sqs.ensureQueue({ name: arn.slice(arn.lastIndexOf(':') + 1) });
  }
  return {
    assistantQueue: { url: urlOf(assistantQueueName), arn: assistant.arn },
    wakeQueueUrlTemplate: urlOf(wakeName),
  };
}

async function keepStreamFailures(
  { endpoint, queueArn }: { endpoint: string; queueArn: string | undefined },
  records: readonly object[],
  credentials: { accessKeyId: string; secretAccessKey: string },
): Promise<void> {
  if (queueArn === undefined) throw new Error('The templates name no on-failure destination for this stream.');
  const client = new SQSClient({ endpoint, region: localRegion, credentials });
  try {
    const QueueUrl = `${endpoint}/${localAccountId}/${queueArn.slice(queueArn.lastIndexOf(':') + 1)}`;
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ records }) }));
  } finally {
    client.destroy();
  }
}

/** The access key of a function or host on this machine. */
export function accessKeyOf(workload: string): string {
  return `AKIALOCAL${workload.replaceAll('-', '').toUpperCase()}`;
}

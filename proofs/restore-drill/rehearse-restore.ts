import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { createClients, createErasures, createTenant } from '@top-active/aws';
import { keys, partitionOf } from '@top-active/aws/items/keys';
import { eventsResponseSchema } from '@top-active/core/contracts';
import { EnvelopeError } from '@top-active/core/crypto';
import { holdSends } from '@top-active/operations/restore/hold-sends';
import { reopenErasures } from '@top-active/operations/restore/reopen-erasures';
import { restoreTables } from '@top-active/operations/restore/restore-tables';
import { createWorldClient, registerUser, until } from '@top-active/local/client';
import { startDynamoDb } from '@top-active/cloud/dynamodb';
import { createKmsEmulator } from '@top-active/cloud/kms';
import { bootStack, type Stack } from '@top-active/local/stack';
import { tableNames } from '@top-active/local/stack/make-tables';
import { copiedTables, copyTables, readCopy, readTables, removeTable } from './copied-tables.ts';
import { dynamoDbClient } from '@top-active/local/stack/dynamodb-client';
import { createFindings, type Finding, type Findings } from './findings.ts';
import { heard, linkedEvents, lookAround, openSend, type Before } from './look-around.ts';
import { chatOf, customerWrites, settle, suggestions, type Person } from './people.ts';

export interface RehearsalOptions {
  /** Of the stack and the copies; empty. */
  dir: string;
  /** That each customer writes, before and after the restore point. */
  messages: number;
  onStep?: ((text: string) => void) | undefined;
  onLog?: ((line: string) => void) | undefined;
}

/** Of whoever runs the restore; the embedded cloud asks nobody for more. */
const operatorEnvironment = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'AKIALOCALOPERATOR',
  AWS_SECRET_ACCESS_KEY: 'local',
};

/**
 * Lives through the loss of all tables: people with linked phones, a restore point, a while of traffic, an erasure, the
 * disaster, the restore as the runbook has it, and a look at what became of everything.
 */
export async function rehearseRestore(options: RehearsalOptions): Promise<Finding[]> {
  const { dir, onStep = () => undefined, onLog } = options;
  const findings = createFindings();
  const before = await liveUntilDisaster(options);
  onStep('All tables are lost');
  const point = await restore({ dir, at: before.at, findings, onStep });
  await findings.check('a secret of the erased can’t be opened, even out of the backup', () =>
    openFromBackup({ dir, userId: before.gone.user.userId, credential: point.credential(before.gone.user.userId) }),
  );
  const stack = await bootStack({ dir, holdHost: true, onLog });
  try {
    await stack.run('erasure');
    stack.sessionHost.start();
    onStep('Erasures done again, session host started');
    await lookAround({ stack, before, findings, messages: options.messages });
  } finally {
    await stack.close();
  }
  await findings.check('nothing of the erased is in any table', () => leftOf(dir, before.gone.user.userId));
  return findings.all;
}

async function liveUntilDisaster({
  dir,
  messages,
  onStep = () => undefined,
  onLog,
}: RehearsalOptions): Promise<Before & { at: Date }> {
  const stack = await bootStack({ dir, onLog });
  try {
    const place = { origin: stack.appOrigin, world: createWorldClient(stack.worldOrigin) };
    const { world } = place;
    const kept = await settle(place, { name: 'Ana', number: 1, messages });
    const gone = await settle(place, { name: 'Bia', number: 2, messages });
    await until(async () => ((await suggestions(kept)).length > 0 ? true : undefined), {
      what: 'a suggestion',
      timeoutMs: 60_000,
    });
    onStep(`Two accounts with linked phones, ${messages} messages each, keys and suggestions`);

    // A message that is ordered before the restore point and leaves after it.
    await stack.sessionHost.stop();
    await kept.user.send((await chatOf(kept)).id, openSend, 'drill-open-send');
    const at = new Date();
    copyTables({ from: join(dir, 'dynamodb'), to: join(dir, 'copies', 'point') });
    onStep('Restore point');

    stack.sessionHost.start();
    await until(async () => ((await heard(world, kept)).length > 0 ? true : undefined), {
      what: 'the message that was on its way',
      timeoutMs: 60_000,
    });
    kept.said.push(openSend);
    await customerWrites(kept, world, messages);
    const late = await registerUser({ ...place, email: 'carla@example.com', name: 'Carla' });
    const { seq } = await kept.user.api.request('/api/events?after=0', { answer: eventsResponseSchema });
    await erase(gone, stack);
    onStep(`${messages} more messages, a new account, and one erased`);
    return { at, kept, gone, late, seq, linked: await linkedEvents(world, kept) };
  } finally {
    await stack.close();
  }
}

/** As its owner does, until the function has taken everything. */
async function erase({ user }: Person, stack: Stack): Promise<void> {
  await user.api.request('/api/me', { method: 'DELETE', body: { password: user.password } });
  const client = dynamoDbClient(stack.cloud.servers.dynamodb);
  try {
    await until(
      async () => {
        await stack.run('erasure');
        return (await leftIn(client, user.userId)) === 0 ? true : undefined;
      },
      { what: 'the erasure', timeoutMs: 90_000, everyMs: 500 },
    );
  } finally {
    client.destroy();
  }
}

async function restore({
  dir,
  at,
  findings,
  onStep,
}: {
  dir: string;
  at: Date;
  findings: Findings;
  onStep: (text: string) => void;
}) {
  copyTables({ from: join(dir, 'dynamodb'), to: join(dir, 'copies', 'newest') });
  const point = await readCopy(join(dir, 'copies', 'point'));
  const newest = await readCopy(join(dir, 'copies', 'newest'));
  const server = await startDynamoDb({ dir: join(dir, 'dynamodb') });
  const client = dynamoDbClient(server.endpoint);
  Object.assign(process.env, { ...operatorEnvironment, AWS_ENDPOINT_URL_DYNAMODB: server.endpoint });
  const operator = createClients();
  try {
    const tables = tableNames;
    for (const table of Object.values(tables)) await removeTable(client, table);
    await restoreTables({ backups: copiedTables({ client, point, newest }), tables, at, onStep });
    const restored = await readTables(client);
    await findings.check('nothing is lost up to the restore point', async () => {
      const was = [...point.items, ...point.placements];
      const is = byKey([...restored.items, ...restored.placements]);
      const same = was.filter((item) => isDeepStrictEqual(item, is.get(keyOf(item)))).length;
      return { ok: same === was.length && is.size === was.length, seen: `${same} of ${was.length} items` };
    });
    onStep(`Open sends held: ${await holdSends(operator, tables)}`);
    const erasures = createErasures(operator, { table: tables.erasures });
    onStep(`Erasures opened again: ${await reopenErasures(erasures)}`);
  } finally {
    operator.close();
    client.destroy();
    await server.close();
  }
  return {
    credential: (userId: string) => {
      const item = point.items.find(
        ({ pk, sk }) => pk?.S === partitionOf(userId) && sk?.S === keys.credential('openai'),
      );
      return { secret: item?.secret?.B, version: Number(item?.version?.N) };
    },
  };
}

/** With all that an attacker could have: the backup's item, the restored keys, and the right to call KMS. */
async function openFromBackup({
  dir,
  userId,
  credential: { secret, version },
}: {
  dir: string;
  userId: string;
  credential: { secret: Uint8Array | undefined; version: number };
}) {
  if (!secret) throw new Error('The backup holds no secret of the erased');
  const [tables, kms] = await Promise.all([
    startDynamoDb({ dir: join(dir, 'dynamodb') }),
    createKmsEmulator({ dir: join(dir, 'kms') }),
  ]);
  Object.assign(process.env, {
    ...operatorEnvironment,
    AWS_ENDPOINT_URL_DYNAMODB: tables.endpoint,
    AWS_ENDPOINT_URL_KMS: kms.endpoint,
  });
  const clients = createClients();
  const { keyId } = kms.ensureKey({ alias: 'alias/top-active-secrets', description: '' });
  const tenant = createTenant({
    userId,
    clients,
    tables: { items: 'items', keys: 'keys' },
    kmsKeyId: keyId,
    simulated: true,
  });
  const context = { table: 'items', pk: partitionOf(userId), sk: keys.credential('openai'), field: 'secret', version };
  try {
    const outcome = await tenant.secrets.open('credentials', context, secret).catch((error: unknown) => error);
    return { ok: outcome instanceof EnvelopeError, seen: outcome instanceof Error ? outcome.message : 'opened' };
  } finally {
    clients.close();
    await Promise.all([tables.close(), kms.close()]);
  }
}

async function leftOf(dir: string, userId: string) {
  const server = await startDynamoDb({ dir: join(dir, 'dynamodb') });
  const client = dynamoDbClient(server.endpoint);
  try {
    const left = await leftIn(client, userId);
    return { ok: left === 0, seen: `${left} items` };
  } finally {
    client.destroy();
    await server.close();
  }
}

/** How many items of a user are left, but for the end of the event log, which stays for the erasure's last hour. */
async function leftIn(client: ReturnType<typeof dynamoDbClient>, userId: string): Promise<number> {
  const { items, keys, placements } = await readTables(client);
  const left = [...items, ...keys, ...placements].filter((item) => JSON.stringify(item).includes(userId));
  return left.filter(({ sk }) => sk?.S !== 'SEQ').length;
}

type Item = Awaited<ReturnType<typeof readTables>>['items'][number];

function keyOf({ pk, sk }: Item): string {
  return `${pk?.S}|${sk?.S}`;
}

function byKey(items: readonly Item[]): Map<string, Item> {
  return new Map(items.map((item) => [keyOf(item), item]));
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createKnownBuilds, createKnownModels, metrics, operatorFactsSchema } from '@top-active/aws';
import { capabilityNames, type CapabilityReport } from '@top-active/core/contracts';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startDynamoDb } from '@top-active/cloud/dynamodb';
import { dynamoDbClient } from './dynamodb-client.ts';
import { bootMailbox, bootWorld } from './boot-world.ts';
import { createClosers } from './closers.ts';
import { makeTables, tableNames } from './make-tables.ts';
import { createOperatorFacts } from './operator-facts.ts';
import { openStateFolder } from './state-folder.ts';

const closers = createClosers();
let dir: string;
let dynamodb: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'operator-facts-'));
  const server = await startDynamoDb({ dir: join(dir, 'dynamodb') });
  closers.add(() => server.close());
  dynamodb = server.endpoint;
  await makeTables(dynamodb);
});
afterAll(async () => {
  await closers.closeAll();
  rmSync(dir, { recursive: true, force: true });
});

const build = '2.3000.1048032155';
const report: CapabilityReport = {
  build,
  at: '2026-11-30T12:00:00.000Z',
  capabilities: Object.fromEntries(
    capabilityNames.map((name) => [name, { state: name === 'reaction' ? 'missing' : 'ok' }]),
  ) as CapabilityReport['capabilities'],
  repairs: [],
};

it('are served by the running stack: pages, reception, and the model with its end', async () => {
  const client = dynamoDbClient(dynamodb);
  closers.add(() => Promise.resolve(client.destroy()));
  const clients = { dynamodb: DynamoDBDocumentClient.from(client) };
  const table = tableNames.placements;
  await createKnownBuilds(clients, { table }).meet(report);
  const end = { model: 'gpt-6-luna', available: true, shutdownDate: '2027-04-01', checkedAt: report.at };
  await createKnownModels(clients, { table }).note(end);

  const facts = createOperatorFacts({ servers: { dynamodb }, tables: tableNames }, { openAiModel: undefined });
  const state = openStateFolder({ dir: join(dir, 'state') });
  const world = await bootWorld({
    state,
    closers,
    mailbox: bootMailbox({ state, closers }),
    port: 0,
    appOrigin: 'http://127.0.0.1:9',
    simulate: false,
    operatorFacts: facts.read,
  });
  const ask = async () => operatorFactsSchema.parse(await (await fetch(`${world.origin}/control/operator`)).json());

  expect(await ask()).toMatchObject({ model: 'gpt-6-luna', models: [end], builds: [{ build }] });
  expect((await ask()).reception).toBeUndefined();

  const write = vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
    facts.hear(String(line));
    return true;
  });
  metrics.emit('ReceptionTrouble', 3, { build });
  write.mockRestore();
  expect((await ask()).reception?.troubled).toEqual({ [build]: 3 });
});

import { parseArgs } from 'node:util';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { createClients, createErasures } from '@top-active/aws';
import { tableDefinitions, type TableName } from '@top-active/aws/table-definitions';
import { readEnvironment } from '@top-active/infra/config';
import { stackPlaces } from '@top-active/infra/stack-name';
import { readHosts } from '../doctor/aws/hosts.ts';
import { createInventory, type Inventory } from '../doctor/aws/inventory.ts';
import { followStream } from './follow-stream.ts';
import { holdSends } from './hold-sends.ts';
import { pointInTimeBackups } from './point-in-time-backups.ts';
import { reopenErasures } from './reopen-erasures.ts';
import { restorePlan, restoreTables } from './restore-tables.ts';
import { takeIntoStack } from './take-into-stack.ts';

const usage = `Restores the tables of an environment in AWS. Read docs/operations/backup-and-restore.md first.

  npm run ops -- restore --stage prod --at 2026-11-25T03:00:00Z          shows the plan
  npm run ops -- restore --stage prod --at 2026-11-25T03:00:00Z --yes    restores`;

const { values } = parseArgs({
  options: {
    stage: { type: 'string' },
    at: { type: 'string' },
    yes: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const at = new Date(values.at ?? '');
if (values.help || !values.stage || Number.isNaN(at.getTime())) {
  console.log(usage);
  process.exitCode = values.help ? 0 : 2;
} else {
  await run(values.stage, at).catch((error: unknown) => {
    console.error(error instanceof Error ? `${error.name}: ${error.message}` : error);
    process.exitCode = 1;
  });
}

async function run(name: string, at: Date): Promise<void> {
  const environment = readEnvironment(name);
  const { stage, region, keepData } = environment;
  process.env.AWS_REGION = region;
  const inventory = createInventory(stackPlaces(environment), (region) => new CloudFormationClient({ region }));
  const tables = await tableNames(inventory);
  for (const { table, to } of restorePlan)
    console.log(
      `  ${tables[table]}: ${to === 'point' ? `its state of ${at.toISOString()}; if it was deleted, its last state` : 'its newest state; if it was deleted, its last state'}`,
    );
  const hosts = await readHosts(new ECSClient({ region }), inventory);
  if (!values.yes || (hosts?.running ?? 0) > 0) {
    console.log(
      `\n  Session hosts running: ${hosts?.running ?? 0}. A restore needs 0. Nothing was changed${values.yes ? '' : ', since --yes was not given'}.`,
    );
    process.exitCode = values.yes ? 1 : 0;
    return;
  }
  const dynamodb = new DynamoDBClient({ region });
  const backups = pointInTimeBackups({
    client: dynamodb,
    tables: new Map(
      restorePlan.map(({ table }) => [
        tables[table],
        { definition: tableDefinitions[table], recoveryDays: table === 'keys' ? 1 : 35, protect: keepData },
      ]),
    ),
    onStep: (text) => console.log(`  · ${text}`),
  });
  await restoreTables({ backups, tables, at, onStep: (text) => console.log(`  ✓ ${text}`) });
  const clients = createClients();
  console.log(`  ✓ ${await holdSends(clients, tables)} open sends marked, so that none is sent twice`);
  console.log(
    `  ✓ ${await reopenErasures(createErasures(clients, { table: tables.erasures }))} erasures opened again, so that nobody who was erased comes back`,
  );
  clients.close();
  // Last: by now nothing can be sent twice, and nobody who was erased can come back.
  const streams = await leadFunctions({ dynamodb, lambda: new LambdaClient({ region }), tables });
  const mappings = await inventory.resources('AWS::Lambda::EventSourceMapping');
  const known = new Set(mappings.map(({ physicalId }) => physicalId));
  for (const stream of streams)
    for (const mappingId of stream.mappingIds)
      if (!known.has(mappingId)) console.log(takeIntoStack({ stage, mappingId, streamArn: stream.streamArn }));
  console.log('\n  Continue in docs/operations/backup-and-restore.md at “After the tables are back”.');
}

/** Every function that reads a table's stream. */
async function leadFunctions({
  dynamodb,
  lambda,
  tables,
}: {
  dynamodb: DynamoDBClient;
  lambda: LambdaClient;
  tables: Record<TableName, string>;
}): Promise<{ streamArn: string; mappingIds: string[] }[]> {
  const led = [];
  for (const { table } of restorePlan.filter(({ table }) => tableDefinitions[table].stream)) {
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: tables[table] }));
    const { TableArn: tableArn, LatestStreamArn: streamArn } = Table ?? {};
    if (!tableArn || !streamArn)
      throw new Error(
        `The table ${tables[table]} has no stream. Enable it in DynamoDB with the view type ${tableDefinitions[table].stream}, then run the restore again with the same --at`,
      );
    const onStep = (text: string) => console.log(`  · ${table}: ${text}`);
    led.push({ streamArn, mappingIds: await followStream({ client: lambda, tableArn, streamArn, onStep }) });
    console.log(`  ✓ ${table}: functions read its changes again`);
  }
  return led;
}

async function tableNames(inventory: Inventory): Promise<Record<TableName, string>> {
  const found = await inventory.resources('AWS::DynamoDB::Table');
  const nameOf = (table: TableName): string => {
    const resource = found.find(({ logicalId }) => logicalId.toLowerCase().startsWith(table));
    if (!resource) throw new Error(`The data stack has no table ${table}`);
    return resource.physicalId;
  };
  return {
    items: nameOf('items'),
    keys: nameOf('keys'),
    placements: nameOf('placements'),
    limits: nameOf('limits'),
    erasures: nameOf('erasures'),
    leases: nameOf('leases'),
  };
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { tableDefinitions } from '@top-active/aws/table-definitions';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { pointInTimeBackups } from './point-in-time-backups.ts';

const bodySchema = z.looseObject({
  TableName: z.string().default(''),
  SourceTableName: z.string().default(''),
  TargetTableName: z.string().default(''),
  BackupArn: z.string().default(''),
});
type Body = z.infer<typeof bodySchema>;

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/**
 * Speaks as much of DynamoDB's protocol as a restore needs, and keeps to its rules: no restore onto a table that is there, no deletion of a
 * protected one. Contents are names of the tables that they came from.
 */
async function startBackupService(tables: Map<string, { content: string; isProtected: boolean }>) {
  const calls: string[] = [];
  const backups = new Map<string, string>();
  const settings: Record<string, unknown[]> = {};

  const operations: Record<string, (body: Body) => object> = {
    DescribeTable: ({ TableName }) => ({ Table: { TableName: nameOf(TableName), TableStatus: 'ACTIVE' } }),
    RestoreTableToPointInTime: ({ SourceTableName, TargetTableName, ...rest }) => {
      create(TargetTableName, `${contentOf(SourceTableName)} at ${String(rest.RestoreDateTime)}`);
      return {};
    },
    CreateBackup: ({ TableName }) => {
      const BackupArn = `arn:backup/${TableName}`.padEnd(40, '0');
      backups.set(BackupArn, contentOf(TableName));
      return { BackupDetails: { BackupArn, BackupName: 'b', BackupStatus: 'CREATING', BackupType: 'USER' } };
    },
    DescribeBackup: () => ({ BackupDescription: { BackupDetails: { BackupStatus: 'AVAILABLE' } } }),
    ListBackups: ({ TableName }) => ({
      BackupSummaries: [...backups.keys()]
        .filter((arn) => arn.includes(`deleted/${TableName}`))
        .map((BackupArn) => ({ BackupArn, BackupCreationDateTime: 1_790_000_000 })),
    }),
    UpdateTable: ({ TableName, ...rest }) => {
      const table = tables.get(nameOf(TableName));
      if (table && typeof rest.DeletionProtectionEnabled === 'boolean')
        table.isProtected = rest.DeletionProtectionEnabled;
      return note(TableName, rest);
    },
    DeleteTable: ({ TableName }) => {
      if (tables.get(nameOf(TableName))?.isProtected) throw new Refusal('ValidationException');
      backups.set(`arn:backup/deleted/${TableName}`.padEnd(40, '0'), contentOf(TableName));
      tables.delete(TableName);
      return {};
    },
    RestoreTableFromBackup: ({ BackupArn, TargetTableName }) => {
      create(TargetTableName, backups.get(BackupArn) ?? 'nothing');
      return {};
    },
    UpdateTimeToLive: ({ TableName, ...rest }) => note(TableName, rest),
    UpdateContinuousBackups: ({ TableName, ...rest }) => note(TableName, rest),
  };

  function nameOf(name: string): string {
    if (!tables.has(name)) throw new Refusal('ResourceNotFoundException');
    return name;
  }
  function contentOf(name: string): string {
    return tables.get(nameOf(name))?.content ?? '';
  }
  function create(name: string, content: string): void {
    if (tables.has(name)) throw new Refusal('TableAlreadyExistsException');
    tables.set(name, { content, isProtected: false });
  }
  function note(name: string, setting: object): object {
    settings[nameOf(name)] = [...(settings[name] ?? []), setting];
    return {};
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).replace('DynamoDB_20120810.', '');
      const body = bodySchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
      if (operation !== 'DescribeTable') calls.push(operation);
      const answer = (status: number, content: object) => {
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
        response.end(JSON.stringify(content));
      };
      try {
        const run = operations[operation];
        if (!run) throw new Refusal('UnknownOperationException');
        answer(200, run(body));
      } catch (error) {
        answer(400, { __type: error instanceof Refusal ? error.message : 'InternalServerError' });
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  closing.push(() => {
    client.destroy();
    server.close();
  });
  return { client, calls, tables, backups, settings };
}

class Refusal extends Error {}

const at = new Date('2026-11-25T03:00:00.000Z');

async function restored({ isThere, at }: { isThere: boolean; at: Date | undefined }) {
  const tables = new Map(isThere ? [['items', { content: 'live', isProtected: true }]] : []);
  const service = await startBackupService(tables);
  if (!isThere) service.backups.set('arn:backup/deleted/items'.padEnd(40, '0'), 'as deleted');
  const backups = pointInTimeBackups({
    client: service.client,
    tables: new Map([['items', { definition: tableDefinitions.items, recoveryDays: 35 }]]),
    protect: true,
    onStep: () => undefined,
    everySeconds: 1,
  });
  await backups.restore('items', at);
  return service;
}

describe('restoring a table in AWS', () => {
  it('puts an earlier point in its place, under the same name, with all that a restore leaves out', async () => {
    const { tables, settings } = await restored({ isThere: true, at });
    expect(tables.get('items')).toEqual({ content: `live at ${at.getTime() / 1000}`, isProtected: true });
    expect([...tables.keys()]).toEqual(['items-at-20261125030000', 'items']);
    expect(settings.items).toMatchObject([
      { DeletionProtectionEnabled: false },
      { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } },
      { TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true } },
      { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 } },
    ]);
  });

  it('deletes nothing before its replacement is safe', async () => {
    const { calls } = await restored({ isThere: true, at });
    expect(calls.indexOf('DescribeBackup')).toBeLessThan(calls.indexOf('DeleteTable'));
  });

  it('brings a deleted table back out of the backup that its deletion made', async () => {
    const { tables } = await restored({ isThere: false, at: undefined });
    expect(tables.get('items')).toEqual({ content: 'as deleted', isProtected: true });
  });

  it('leaves a table alone whose newest state is wanted and which is there', async () => {
    const { calls, tables } = await restored({ isThere: true, at: undefined });
    expect(calls).toEqual([]);
    expect(tables.get('items')?.content).toBe('live');
  });
});

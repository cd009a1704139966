import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { Refusal, startJsonService } from './json-service.ts';

export interface FakeTable {
  /** Names where it came from. */
  content: string;
  /** Epoch seconds. */
  createdAt: number;
  isProtected: boolean;
  stream?: string | undefined;
  ttlAttribute?: string | undefined;
  recoveryDays?: number | undefined;
  status: 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING';
  madeFrom?: string | undefined;
}

export interface FakeBackup {
  table: string;
  name: string;
  type: 'USER' | 'SYSTEM';
  content: string;
  status: 'CREATING' | 'AVAILABLE';
}

const bodySchema = z.looseObject({
  TableName: z.string().default(''),
  SourceTableName: z.string().default(''),
  TargetTableName: z.string().default(''),
  RestoreDateTime: z.number().default(0),
  BackupArn: z.string().default(''),
  BackupName: z.string().default(''),
  BackupType: z.string().default('USER'),
  DeletionProtectionEnabled: z.boolean().optional(),
  StreamSpecification: z.object({ StreamEnabled: z.boolean(), StreamViewType: z.string() }).optional(),
  TimeToLiveSpecification: z.object({ AttributeName: z.string() }).optional(),
  PointInTimeRecoverySpecification: z.object({ RecoveryPeriodInDays: z.number() }).optional(),
});
type Body = z.infer<typeof bodySchema>;

/**
 * Speaks as much of DynamoDB's protocol as a restore needs, and keeps to its rules: everything takes until somebody has
 * looked once, nothing is done to a table that is not at rest, no restore onto a table that is there, no deletion of a
 * protected one, and nothing is switched on twice.
 */
export async function startBackupService(now: number) {
  const tables = new Map<string, FakeTable>();
  const backups = new Map<string, FakeBackup>();
  const calls: string[] = [];
  let made = 0;

  function atRest(name: string): FakeTable {
    const table = tables.get(name);
    if (!table) throw new Refusal('ResourceNotFoundException');
    if (table.status !== 'ACTIVE') throw new Refusal('ResourceInUseException');
    return table;
  }
  function create(name: string, from: Pick<FakeTable, 'content' | 'madeFrom'>): void {
    if (tables.has(name)) throw new Refusal('TableAlreadyExistsException');
    tables.set(name, { ...from, createdAt: now, isProtected: false, status: 'CREATING' });
  }
  function backUp(backup: FakeBackup): string {
    const arn = `arn:aws:dynamodb:us-east-1:000000000000:table/${backup.table}/backup/${++made}`;
    backups.set(arn, backup);
    return arn;
  }
  /** Whoever looks sees what is being done, and it is done. */
  function look(name: string, table: FakeTable): string {
    const { status } = table;
    if (status === 'DELETING') tables.delete(name);
    else table.status = 'ACTIVE';
    return status;
  }
  function backupOf(arn: string): FakeBackup {
    const backup = backups.get(arn);
    if (!backup) throw new Refusal('BackupNotFoundException');
    return backup;
  }

  const operations: Record<string, (body: Body) => object> = {
    DescribeTable({ TableName }) {
      const table = tables.get(TableName);
      if (!table) throw new Refusal('ResourceNotFoundException');
      const { createdAt, isProtected, stream, madeFrom } = table;
      return {
        Table: {
          TableName,
          TableArn: `arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}`,
          TableStatus: look(TableName, table),
          CreationDateTime: createdAt,
          DeletionProtectionEnabled: isProtected,
          ...(stream && {
            StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
            LatestStreamArn: stream,
          }),
          ...(madeFrom && { RestoreSummary: { SourceBackupArn: madeFrom, RestoreInProgress: false } }),
        },
      };
    },
    RestoreTableToPointInTime({ SourceTableName, TargetTableName, RestoreDateTime }) {
      const { content, createdAt, recoveryDays } = atRest(SourceTableName);
      if (!recoveryDays) throw new Refusal('PointInTimeRecoveryUnavailableException');
      if (RestoreDateTime < createdAt) throw new Refusal('InvalidRestoreTimeException');
      create(TargetTableName, { content: `${content} at ${RestoreDateTime}` });
      return {};
    },
    CreateBackup({ TableName, BackupName }) {
      const { content } = atRest(TableName);
      const BackupArn = backUp({ table: TableName, name: BackupName, type: 'USER', content, status: 'CREATING' });
      return { BackupDetails: { BackupArn, BackupName, BackupStatus: 'CREATING', BackupType: 'USER' } };
    },
    DescribeBackup({ BackupArn }) {
      const backup = backupOf(BackupArn);
      const { status } = backup;
      backup.status = 'AVAILABLE';
      return { BackupDescription: { BackupDetails: { BackupArn, BackupStatus: status } } };
    },
    /** One to a page. */
    ListBackups({ TableName, BackupType, ExclusiveStartBackupArn }) {
      const found = [...backups].filter(
        ([, { table, type }]) => type === BackupType && (TableName === '' || table === TableName),
      );
      const from = found.findIndex(([arn]) => arn === ExclusiveStartBackupArn) + 1;
      return {
        BackupSummaries: found.slice(from, from + 1).map(([BackupArn, { table, name, status }]) => ({
          BackupArn,
          TableName: table,
          BackupName: name,
          BackupStatus: status,
          BackupCreationDateTime: now + Number(BackupArn.split('/').at(-1)),
        })),
        ...(found.length > from + 1 && { LastEvaluatedBackupArn: found[from]?.[0] }),
      };
    },
    UpdateTable({ TableName, DeletionProtectionEnabled, StreamSpecification }) {
      const table = atRest(TableName);
      if (DeletionProtectionEnabled === table.isProtected || (StreamSpecification && table.stream))
        throw new Refusal('ValidationException');
      if (DeletionProtectionEnabled !== undefined) table.isProtected = DeletionProtectionEnabled;
      if (StreamSpecification)
        table.stream = `arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}/stream/${++made}`;
      table.status = 'UPDATING';
      return {};
    },
    DeleteTable({ TableName }) {
      const table = atRest(TableName);
      if (table.isProtected) throw new Refusal('ValidationException');
      if (table.recoveryDays)
        backUp({ table: TableName, name: TableName, type: 'SYSTEM', content: table.content, status: 'AVAILABLE' });
      table.status = 'DELETING';
      return {};
    },
    RestoreTableFromBackup({ BackupArn, TargetTableName }) {
      const { content, status } = backupOf(BackupArn);
      if (status !== 'AVAILABLE') throw new Refusal('BackupInUseException');
      create(TargetTableName, { content, madeFrom: BackupArn });
      return {};
    },
    DescribeTimeToLive({ TableName }) {
      const { ttlAttribute } = atRest(TableName);
      return {
        TimeToLiveDescription: ttlAttribute
          ? { TimeToLiveStatus: 'ENABLING', AttributeName: ttlAttribute }
          : { TimeToLiveStatus: 'DISABLED' },
      };
    },
    UpdateTimeToLive({ TableName, TimeToLiveSpecification }) {
      const table = atRest(TableName);
      if (table.ttlAttribute) throw new Refusal('ValidationException');
      table.ttlAttribute = TimeToLiveSpecification?.AttributeName;
      return {};
    },
    DescribeContinuousBackups({ TableName }) {
      const { recoveryDays } = atRest(TableName);
      return {
        ContinuousBackupsDescription: {
          ContinuousBackupsStatus: 'ENABLED',
          PointInTimeRecoveryDescription: recoveryDays
            ? { PointInTimeRecoveryStatus: 'ENABLED', RecoveryPeriodInDays: recoveryDays }
            : { PointInTimeRecoveryStatus: 'DISABLED' },
        },
      };
    },
    UpdateContinuousBackups({ TableName, PointInTimeRecoverySpecification }) {
      atRest(TableName).recoveryDays = PointInTimeRecoverySpecification?.RecoveryPeriodInDays;
      return {};
    },
  };

  const service = await startJsonService(({ headers, text }) => {
    const operation = String(headers['x-amz-target']).replace('DynamoDB_20120810.', '');
    calls.push(operation);
    const run = operations[operation];
    if (!run) throw new Refusal('UnknownOperationException');
    return run(bodySchema.parse(JSON.parse(text)));
  });
  return {
    tables,
    backups,
    calls,
    createClient: () => new DynamoDBClient(service.clientSettings),
    close: service.close,
  };
}

import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { tableDefinitions, type TableDefinition, type TableName } from '@top-active/aws/table-definitions';
import type { Environment } from '../config.ts';

/** What must survive everything else: tables and keys. */
export class DataStack extends Stack {
  readonly tables: Readonly<Record<TableName, Table>>;
  /** Wraps the users' data keys. Its own key, so that no grant for tables or queues can unwrap a secret. */
  readonly secretsKey: Key;
  /** Encrypts tables and queues at rest. */
  readonly storageKey: Key;

  constructor(scope: Construct, id: string, { environment, ...props }: StackProps & { environment: Environment }) {
    super(scope, id, props);
    const removalPolicy = environment.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    this.secretsKey = new Key(this, 'SecretsKey', {
      description: 'Wraps one data key per user secret',
      enableKeyRotation: true,
      removalPolicy,
    });
    this.storageKey = new Key(this, 'StorageKey', {
      description: 'Tables and queues at rest',
      enableKeyRotation: true,
      removalPolicy,
    });
    const make = (name: TableName) => this.makeTable(name, tableDefinitions[name], environment, removalPolicy);
    this.tables = { items: make('items'), keys: make('keys'), placements: make('placements'), limits: make('limits') };
  }

  private makeTable(
    name: TableName,
    definition: TableDefinition,
    environment: Environment,
    removalPolicy: RemovalPolicy,
  ): Table {
    const table = new Table(this, name[0]?.toUpperCase() + name.slice(1), {
      partitionKey: { name: definition.partitionKey, type: AttributeType.STRING },
      ...(definition.sortKey && { sortKey: { name: definition.sortKey, type: AttributeType.STRING } }),
      ...(definition.ttlAttribute && { timeToLiveAttribute: definition.ttlAttribute }),
      ...(definition.stream && { stream: StreamViewType.NEW_AND_OLD_IMAGES }),
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.storageKey,
      deletionProtection: environment.keepData,
      // Wrapped keys are the erasure: a short window, so that an erased user can't be brought back for long.
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: true,
        recoveryPeriodInDays: name === 'keys' ? 1 : 35,
      },
      removalPolicy,
    });
    for (const index of definition.indexes)
      table.addGlobalSecondaryIndex({
        indexName: index.name,
        partitionKey: { name: index.partitionKey, type: AttributeType.STRING },
        sortKey: { name: index.sortKey, type: AttributeType.STRING },
        projectionType: ProjectionType.ALL,
      });
    return table;
  }
}

import { Aws, CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership, StorageClass } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { tableDefinitions, type TableDefinition, type TableName } from '@top-active/aws/table-definitions';
import { acknowledge } from '../acknowledge.ts';
import type { Environment } from '../config.ts';
import { makeTenantRoles, type TenantRoles } from '../permissions/tenant-roles.ts';
import { stackName } from '../stack-name.ts';

/**
 * What must survive everything else: tables, media, keys, the operator's secret; and the roles that are the only door
 * to users' data.
 */
export class DataStack extends Stack {
  readonly tables: ReadonlyMap<string, Table>;
  /** Wraps the users' data keys. Its own key, so that no grant for tables or queues can unwrap a secret. */
  readonly secretsKey: Key;
  /** Encrypts tables, queues, checkpoints and media at rest. */
  readonly storageKey: Key;
  readonly googleSecret: Secret;
  /** Pictures, voice messages and files of chats, each user's under `users/<userId>/`. */
  readonly media: Bucket;
  readonly tenantRoles: TenantRoles;
  private readonly settings: Environment;
  private readonly removalPolicy: RemovalPolicy;

  constructor(scope: Construct, id: string, { environment, ...props }: StackProps & { environment: Environment }) {
    super(scope, id, props);
    this.settings = environment;
    this.removalPolicy = environment.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    this.secretsKey = this.makeKey('SecretsKey', 'Wraps one data key per user secret');
    this.storageKey = this.makeKey('StorageKey', 'Tables, queues, checkpoints and media at rest');
    this.letSchedulesUseQueues();
    this.googleSecret = new Secret(this, 'GoogleClientSecret', {
      description: 'OAuth client secret from the Google Cloud console; put in by hand after the first deployment',
      removalPolicy: this.removalPolicy,
    });
    acknowledge(this.googleSecret, {
      'AwsSolutions-SMG4': 'Google issues a new one and a person stores it here: it cannot be rotated automatically.',
    });
    new CfnOutput(this, 'GoogleClientSecretArn', { value: this.googleSecret.secretArn });
    this.tables = new Map(
      Object.entries(tableDefinitions).map(([name, definition]) => [name, this.makeTable(name, definition)]),
    );
    this.media = this.makeMedia();
    this.tenantRoles = makeTenantRoles(this, {
      environment,
      items: this.table('items'),
      keys: this.table('keys'),
      secretsKey: this.secretsKey,
      storageKey: this.storageKey,
      media: this.media,
    });
  }

  table(name: TableName): Table {
    const found = this.tables.get(name);
    if (!found) throw new Error(`There is no table "${name}" in aws/src/table-definitions.ts`);
    return found;
  }

  private makeKey(id: string, description: string): Key {
    return new Key(this, id, { description, enableKeyRotation: true, removalPolicy: this.removalPolicy });
  }

  /** A schedule that cannot start its function leaves the event in an encrypted queue. */
  private letSchedulesUseQueues(): void {
    this.storageKey.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
        resources: ['*'],
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnLike: {
            'aws:SourceArn': `arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:rule/${stackName(this.settings, 'workers')}-*`,
          },
        },
      }),
    );
  }

  /** Without versions: what a person erases is gone, and no version of it is left behind. */
  private makeMedia(): Bucket {
    const media = new Bucket(this, 'Media', {
      encryption: BucketEncryption.KMS,
      encryptionKey: this.storageKey,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      lifecycleRules: [
        { id: 'unfinished', abortIncompleteMultipartUploadAfter: Duration.days(1) },
        {
          id: 'seldom-opened',
          transitions: [{ storageClass: StorageClass.INTELLIGENT_TIERING, transitionAfter: Duration.days(30) }],
        },
      ],
      removalPolicy: this.removalPolicy,
    });
    acknowledge(media, {
      'AwsSolutions-S1':
        'Access logs hold names of objects, and with them who talked in which chat: more than they protect.',
    });
    return media;
  }

  private makeTable(name: string, definition: TableDefinition): Table {
    const table = new Table(this, name[0]?.toUpperCase() + name.slice(1), {
      partitionKey: { name: definition.partitionKey, type: AttributeType.STRING },
      ...(definition.sortKey && { sortKey: { name: definition.sortKey, type: AttributeType.STRING } }),
      ...(definition.ttlAttribute && { timeToLiveAttribute: definition.ttlAttribute }),
      ...(definition.stream && { stream: StreamViewType.NEW_AND_OLD_IMAGES }),
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.storageKey,
      deletionProtection: this.settings.keepData,
      // Wrapped keys are the erasure: a short window, so that an erased user can't be brought back for long.
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: true,
        recoveryPeriodInDays: name === 'keys' ? 1 : 35,
      },
      removalPolicy: this.removalPolicy,
    });
    // Even when nobody imports it any more, after a restore: an export can't go before its last import, and this stack
    // is deployed first.
    if (definition.stream) this.exportValue(table.tableStreamArn);
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

import { metricDefinitions, type MetricDefinition, type MetricDimension } from '@top-active/aws/metric-definitions';
import { functions } from '@top-active/lambdas/functions';
import { z } from 'zod';
import type { Synthesized } from '@top-active/infra/test-support/synthesize';

/** What of a deployment costs by the month, whatever happens in it, and what prices of the rest depend on. */
export interface Deployed {
  shards: number;
  task: { vcpu: number; memoryGb: number; storageGb: number; maxSessions: number; publicIp: boolean };
  containerInsights: boolean;
  natGateways: number;
  interfaceEndpoints: number;
  /** Metrics that alarms watch; one of a metric expression counts each. */
  alarmMetrics: number;
  /** Of the product's own, once more for each value of what they are kept by. */
  customMetrics: number;
  dashboards: number;
  keys: number;
  secrets: number;
  queues: number;
  tables: number;
  /** Backups beside point-in-time recovery. */
  backupPlans: number;
  waf: { acls: number; rules: number };
  hostedZones: number;
  tracedFunctions: boolean;
  logRetentionDays: number;
  flowLogs: boolean;
  threatProtection: boolean;
  /** Types of resources that this model has no rule for. */
  unknown: string[];
}

/** WhatsApp releases about seven builds of its page a day; sessions meet those that are served when they load it. */
const buildsPerMonth = 30;
/** Types of messages that nothing here knows. */
const typesPerMonth = 10;

/** Of no charge themselves, or charged by what happens in them. */
const withoutCharge = [
  /^AWS::(IAM|CDK|SSM|SNS|Budgets|Events|Scheduler|ApiGatewayV2|ApplicationAutoScaling)::/,
  /^AWS::Lambda::/,
  /^AWS::Logs::(LogGroup|MetricFilter|ResourcePolicy|QueryDefinition|DeliveryDestination|DeliverySource|Delivery)$/,
  /^AWS::EC2::(VPC|Subnet|RouteTable|SubnetRouteTableAssociation|Route|InternetGateway|VPCGatewayAttachment|SecurityGroup\w*|FlowLog|NetworkAcl\w*|EIP)$/,
  /^AWS::CloudFront::/,
  /^AWS::Cognito::/,
  /^AWS::ECS::(Cluster|Service)$/,
  /^AWS::EFS::/,
  /^AWS::S3::/,
  /^AWS::SQS::/,
  /^AWS::KMS::Alias$/,
  /^AWS::SecretsManager::ResourcePolicy$/,
  /^AWS::WAFv2::WebACLAssociation$/,
  /^AWS::Route53::RecordSet$/,
  /^AWS::CertificateManager::/,
  /^AWS::XRay::/,
  /^AWS::SES::/,
  /^AWS::Backup::(BackupVault|BackupSelection)$/,
  /^AWS::CloudWatch::CompositeAlarm$/,
  /^Custom::/,
];
const counted = new Set([
  'AWS::ECS::TaskDefinition',
  'AWS::EC2::NatGateway',
  'AWS::EC2::VPCEndpoint',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::KMS::Key',
  'AWS::SecretsManager::Secret',
  'AWS::DynamoDB::Table',
  'AWS::DynamoDB::GlobalTable',
  'AWS::Backup::BackupPlan',
  'AWS::WAFv2::WebACL',
  'AWS::Route53::HostedZone',
]);

const taskSchema = z.object({
  Cpu: z.coerce.number(),
  Memory: z.coerce.number(),
  EphemeralStorage: z.object({ SizeInGiB: z.number() }).optional(),
  ContainerDefinitions: z.array(
    z.object({ Environment: z.array(z.object({ Name: z.string(), Value: z.unknown() })).default([]) }),
  ),
});
const alarmSchema = z.looseObject({
  Metrics: z.array(z.looseObject({ MetricStat: z.unknown().optional() })).optional(),
});
const scalingSchema = z.looseObject({
  TargetTrackingScalingPolicyConfiguration: z.looseObject({ DisableScaleIn: z.boolean().default(false) }),
});
const aclSchema = z.looseObject({ Rules: z.array(z.unknown()).default([]) });
const endpointSchema = z.looseObject({
  VpcEndpointType: z.string().optional(),
  SubnetIds: z.array(z.unknown()).default([]),
});

/** Reads the templates of one environment. */
export function readDeployed({ all, templates }: Synthesized): Deployed {
  const count = (type: string) => all(type).length;
  const includes = (type: string, text: string) =>
    all(type).some((resource) => JSON.stringify(resource.Properties ?? {}).includes(text));
  const interfaces = all('AWS::EC2::VPCEndpoint')
    .map(({ Properties }) => endpointSchema.parse(Properties))
    .filter(({ VpcEndpointType }) => VpcEndpointType === 'Interface');
  return {
    ...readTask(
      all('AWS::ECS::TaskDefinition')[0]?.Properties,
      includes('AWS::ECS::Service', '"AssignPublicIp":"ENABLED"'),
    ),
    containerInsights: includes('AWS::ECS::Cluster', '"Value":"enabled"'),
    natGateways: count('AWS::EC2::NatGateway'),
    interfaceEndpoints: interfaces.reduce((sum, { SubnetIds }) => sum + SubnetIds.length, 0),
    alarmMetrics:
      all('AWS::CloudWatch::Alarm').reduce((sum, { Properties }) => sum + metricsOf(Properties), 0) +
      all('AWS::ApplicationAutoScaling::ScalingPolicy').reduce(
        (sum, { Properties }) => sum + alarmsOfScaling(Properties),
        0,
      ),
    customMetrics: customMetrics(),
    dashboards: count('AWS::CloudWatch::Dashboard'),
    keys: count('AWS::KMS::Key'),
    secrets: count('AWS::SecretsManager::Secret'),
    queues: count('AWS::SQS::Queue'),
    tables: count('AWS::DynamoDB::Table') + count('AWS::DynamoDB::GlobalTable'),
    backupPlans: count('AWS::Backup::BackupPlan'),
    waf: {
      acls: count('AWS::WAFv2::WebACL'),
      rules: all('AWS::WAFv2::WebACL').reduce(
        (sum, { Properties }) => sum + aclSchema.parse(Properties).Rules.length,
        0,
      ),
    },
    hostedZones: count('AWS::Route53::HostedZone'),
    tracedFunctions: includes('AWS::Lambda::Function', '"TracingConfig":{"Mode":"Active"}'),
    logRetentionDays: Math.max(
      ...all('AWS::Logs::LogGroup').map(({ Properties }) => z.coerce.number().parse(Properties?.RetentionInDays)),
    ),
    flowLogs: count('AWS::EC2::FlowLog') > 0,
    threatProtection: includes('AWS::Cognito::UserPool', '"UserPoolTier":"PLUS"'),
    unknown: unknownTypes([...templates.values()].flatMap(({ Resources }) => Object.values(Resources))),
  };
}

/** At most: a metric that nothing was written to in a month costs nothing. */
function customMetrics(): number {
  const routes = functions.reduce((sum, { trigger }) => sum + (trigger.kind === 'http' ? trigger.routes.length : 0), 0);
  const definitions: MetricDefinition[] = Object.values(metricDefinitions);
  const values: Record<MetricDimension, number> = { route: routes, build: buildsPerMonth, type: typesPerMonth };
  return definitions.reduce((sum, { alsoBy }) => sum + 1 + (alsoBy ? values[alsoBy] : 0), 0);
}

function readTask(properties: unknown, publicIp: boolean): Pick<Deployed, 'shards' | 'task'> {
  const { Cpu, Memory, EphemeralStorage, ContainerDefinitions } = taskSchema.parse(properties);
  const environment = new Map(
    ContainerDefinitions.flatMap(({ Environment }) => Environment).map(({ Name, Value }) => [Name, Value]),
  );
  return {
    shards: z.coerce.number().int().positive().parse(environment.get('SHARDS')),
    task: {
      vcpu: Cpu / 1024,
      memoryGb: Memory / 1024,
      storageGb: EphemeralStorage?.SizeInGiB ?? 20,
      maxSessions: z.coerce.number().int().positive().parse(environment.get('MAX_SESSIONS')),
      publicIp,
    },
  };
}

function metricsOf(properties: unknown): number {
  const { Metrics } = alarmSchema.parse(properties);
  return Metrics ? Metrics.filter(({ MetricStat }) => MetricStat !== undefined).length : 1;
}

/** A policy that follows a target has an alarm of its own in each direction in which it may change something. */
function alarmsOfScaling(properties: unknown): number {
  return scalingSchema.parse(properties).TargetTrackingScalingPolicyConfiguration.DisableScaleIn ? 1 : 2;
}

function unknownTypes(resources: readonly { Type: string }[]): string[] {
  const types = new Set(resources.map(({ Type }) => Type));
  return [...types].filter((type) => !counted.has(type) && !withoutCharge.some((known) => known.test(type))).toSorted();
}

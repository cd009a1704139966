import { createHash } from 'node:crypto';
import { localAccountId, localRegion } from '../wire/index.ts';
import type { Resource } from './template.ts';

/** What stands for a resource of the templates on this machine. */
export interface Binding {
  /** What `Ref` and ARN are made of: a table's name, a key's id. */
  name: string;
  /** Attributes that don't follow from the name, such as a table's `StreamArn`. */
  attributes?: Readonly<Record<string, string>> | undefined;
}

interface Kind {
  /** The property that names the resource, where the template names it. */
  property?: string;
  /** How CloudFormation would make a name up; stack and logical id by default. */
  name?: (resource: Resource) => string;
  arn: (name: string) => string;
  /** What `Ref` answers; the name by default. */
  ref?: (name: string) => string;
}

const regional = (service: string, path: string) => `arn:aws:${service}:${localRegion}:${localAccountId}:${path}`;
const digest = (resource: Resource) =>
  createHash('sha256').update(`${resource.stack}/${resource.logicalId}`).digest('hex');
const hexId = (prefix: string) => (resource: Resource) => `${prefix}${digest(resource).slice(0, 17)}`;

const kinds: Readonly<Record<string, Kind>> = {
  'AWS::DynamoDB::Table': { property: 'TableName', arn: (name) => regional('dynamodb', `table/${name}`) },
  'AWS::DynamoDB::GlobalTable': { property: 'TableName', arn: (name) => regional('dynamodb', `table/${name}`) },
  'AWS::SQS::Queue': {
    property: 'QueueName',
    name: (resource) => generatedName(resource, 75) + (resource.properties.FifoQueue === true ? '.fifo' : ''),
    arn: (name) => regional('sqs', name),
    ref: (name) => `https://sqs.${localRegion}.amazonaws.com/${localAccountId}/${name}`,
  },
  'AWS::KMS::Key': {
    name: (resource) => digest(resource).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5'),
    arn: (name) => regional('kms', `key/${name}`),
  },
  'AWS::IAM::Role': { property: 'RoleName', arn: (name) => `arn:aws:iam::${localAccountId}:role/${name}` },
  'AWS::IAM::ManagedPolicy': {
    property: 'ManagedPolicyName',
    arn: (name) => `arn:aws:iam::${localAccountId}:policy/${name}`,
    ref: (name) => `arn:aws:iam::${localAccountId}:policy/${name}`,
  },
  'AWS::Lambda::Function': { property: 'FunctionName', arn: (name) => regional('lambda', `function:${name}`) },
  'AWS::S3::Bucket': {
    property: 'BucketName',
    name: (resource) => generatedName(resource, 63).toLowerCase(),
    arn: (name) => `arn:aws:s3:::${name}`,
  },
  'AWS::SecretsManager::Secret': {
    property: 'Name',
    name: (resource) => `${generatedName(resource, 200)}-${digest(resource).slice(0, 6)}`,
    arn: (name) => regional('secretsmanager', `secret:${name}`),
    ref: (name) => regional('secretsmanager', `secret:${name}`),
  },
  'AWS::Cognito::UserPool': {
    name: (resource) => `${localRegion}_${digest(resource).slice(0, 9)}`,
    arn: (name) => regional('cognito-idp', `userpool/${name}`),
  },
  'AWS::ApiGatewayV2::Api': {
    name: (resource) => digest(resource).slice(0, 10),
    arn: (name) => `arn:aws:apigateway:${localRegion}::/apis/${name}`,
  },
  'AWS::ApiGatewayV2::Stage': { property: 'StageName', arn: (name) => `arn:aws:apigateway:${localRegion}::/${name}` },
  'AWS::Logs::LogGroup': { property: 'LogGroupName', arn: (name) => regional('logs', `log-group:${name}:*`) },
  'AWS::EFS::FileSystem': { name: hexId('fs-'), arn: (name) => regional('elasticfilesystem', `file-system/${name}`) },
  'AWS::EFS::AccessPoint': {
    name: hexId('fsap-'),
    arn: (name) => regional('elasticfilesystem', `access-point/${name}`),
  },
  'AWS::Events::Rule': { property: 'Name', arn: (name) => regional('events', `rule/${name}`) },
  'AWS::SNS::Topic': {
    property: 'TopicName',
    arn: (name) => regional('sns', name),
    ref: (name) => regional('sns', name),
  },
  'AWS::CloudFront::Distribution': {
    name: (resource) => `E${digest(resource).slice(0, 13).toUpperCase()}`,
    arn: (name) => `arn:aws:cloudfront::${localAccountId}:distribution/${name}`,
  },
};

/** As CloudFormation names what the template doesn't: stack and logical id, cut to what the service takes. */
function generatedName({ stack, logicalId }: Resource, limit: number): string {
  const room = limit - stack.length - 1;
  // The end of a logical id is CDK's hash, which tells it from others.
  const id = logicalId.length > room ? logicalId.slice(0, room - 8) + logicalId.slice(-8) : logicalId;
  return `${stack}-${id}`;
}

export function nameOf(resource: Resource, resolve: (value: unknown) => unknown): string {
  const kind = kinds[resource.type];
  const given = kind?.property === undefined ? undefined : resolve(resource.properties[kind.property]);
  if (typeof given === 'string' && given !== '') return given;
  return kind?.name?.(resource) ?? generatedName(resource, 64);
}

/** `Ref` where no attribute is asked for, otherwise `Fn::GetAtt`. */
export function attributeOf({
  resource,
  name,
  attribute,
  binding,
}: {
  resource: Resource;
  name: string;
  attribute: string | undefined;
  binding: Binding | undefined;
}): string {
  const kind = kinds[resource.type];
  if (attribute === undefined) return kind?.ref?.(name) ?? name;
  const bound = binding?.attributes?.[attribute];
  if (bound !== undefined) return bound;
  if (attribute === 'Arn') return kind?.arn(name) ?? generalArn(resource, name);
  if (attribute === 'StreamArn') return `${kind?.arn(name)}/stream/unbound`;
  if (/Id$|Name$/.test(attribute) && !attribute.startsWith('Domain')) return name;
  return `${name}.${attribute}`;
}

/** For kinds that no policy of ours needs to tell apart exactly. */
function generalArn({ type }: Resource, name: string): string {
  const [, service = '', kind = ''] = type.toLowerCase().split('::');
  return regional(service, `${kind}/${name}`);
}

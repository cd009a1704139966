import { functions } from '@top-active/lambdas/functions';
import type { Deployment } from '@top-active/cloud/iam';
import { encryptionAccess } from '@top-active/cloud/iam';
import { localAccountId, localRegion } from '@top-active/cloud/wire';
import { executeApiArn, ownUser, sessionOf, type Check } from './check.ts';
import { seldomAccesses } from './seldom-accesses.ts';

/** Somebody of the account who may do anything by their own policy: what is left is what resources say. */
export const administrator = `arn:aws:iam::${localAccountId}:role/administrator`;

/** What AWS itself and the operator do with the deployment, and no laptop shows: it must stay allowed. */
export function platformAccesses(deployment: Deployment): Check[] {
  return [
    ...deployment.workloads.flatMap((workload) => workloadAccesses(deployment, workload)),
    ...invocations(deployment),
    ...taskStart(deployment),
    ...tenantMedia(deployment),
    ...administration(deployment),
    ...webFiles(deployment),
    ...rules(deployment),
    ...alarms(deployment),
    ...seldomAccesses(deployment),
  ];
}

type Workload = Deployment['workloads'][number];

function workloadAccesses(deployment: Deployment, { name, roleArn, resources }: Workload): Check[] {
  const principal = sessionOf(roleArn, name);
  const by = { principal, role: roleArn };
  const service = name === 'session-host' ? 'ecs-tasks.amazonaws.com' : 'lambda.amazonaws.com';
  const failures = deployment.failureQueueOf(name);
  const key = failures === undefined ? undefined : deployment.encryptionKeyOf(failures);
  const checks: Check[] = [
    { principal: service, action: 'sts:AssumeRole', resource: roleArn, context: {} },
    ...(failures === undefined ? [] : [{ ...by, action: 'sqs:SendMessage', resource: failures, context: {} }]),
    ...(failures === undefined || key === undefined
      ? []
      : (['kms:GenerateDataKey', 'kms:Decrypt'] as const).map((action) => ({
          ...by,
          ...encryptionAccess({ keyArn: key, action, service: 'sqs', context: { 'aws:sqs:arn': failures } }),
        }))),
  ];
  if (name === 'session-host')
    return [
      ...checks,
      ...resources.fileSystems.flatMap(({ fileSystem, accessPoint }) =>
        ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'].map((action) => ({
          ...by,
          action,
          resource: fileSystem,
          context: {
            'elasticfilesystem:AccessPointArn': accessPoint,
            'elasticfilesystem:AccessedViaMountTarget': 'true',
          },
        })),
      ),
    ];
  return [
    ...checks,
    ...['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({
      ...by,
      action,
      resource: streamOf(resources.logGroup),
      context: {},
    })),
    ...['xray:PutTraceSegments', 'xray:PutTelemetryRecords'].map((action) => ({
      ...by,
      action,
      resource: '*',
      context: {},
    })),
    ...(functions.some((fn) => fn.name === name && fn.trigger.kind === 'stream')
      ? [
          { ...by, action: 'dynamodb:ListStreams', resource: '*', context: {} },
          // A table that is restored has another stream.
          ...['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'].map((action) => ({
            ...by,
            action,
            resource: `arn:aws:dynamodb:${localRegion}:${localAccountId}:table/items/stream/2027-01-01T00:00:00.000`,
            context: {},
          })),
        ]
      : []),
  ];
}

function streamOf(logGroup: string): string {
  return logGroup.replace(/:\*$/, ':log-stream:2026');
}

function invoke(name: string, principal: string, source: string): Check {
  const resource = `arn:aws:lambda:${localRegion}:${localAccountId}:function:${name}`;
  return { principal, action: 'lambda:InvokeFunction', resource, context: { 'aws:SourceArn': source } };
}

/** Every route, connection event, authorizer and schedule that `functions.ts` names. */
function invocations({ apis, arnsOf, webSocketAuthorizerId, ruleOf }: Deployment): Check[] {
  const gateway = 'apigateway.amazonaws.com';
  return functions.flatMap(({ name, trigger }): Check[] => {
    switch (trigger.kind) {
      case 'http':
        return trigger.routes.map(({ method, path }) =>
          invoke(name, gateway, executeApiArn(apis.http, `$default/${method}${path}`)),
        );
      case 'websocket':
        return trigger.routes.map((key) => invoke(name, gateway, executeApiArn(apis.webSocket, `live/${key}`)));
      case 'websocket-authorizer':
        return [invoke(name, gateway, executeApiArn(apis.webSocket, `authorizers/${webSocketAuthorizerId}`))];
      case 'schedule':
        return [invoke(name, 'events.amazonaws.com', ruleOf(name) ?? '')];
      case 'user-pool':
        return arnsOf('AWS::Cognito::UserPool').map((pool) => {
          const called = invoke(name, 'cognito-idp.amazonaws.com', pool);
          return { ...called, context: { ...called.context, 'aws:SourceAccount': localAccountId } };
        });
      default:
        return [];
    }
  });
}

/** ECS pulls the image and opens the log with a role of its own. */
function taskStart({ workloads }: Deployment): Check[] {
  return workloads.flatMap(({ resources: { executionRole, logGroup, repository } }) => {
    if (executionRole === undefined) return [];
    const by = { principal: sessionOf(executionRole, 'task'), role: executionRole, context: {} };
    return [
      { principal: 'ecs-tasks.amazonaws.com', action: 'sts:AssumeRole', resource: executionRole, context: {} },
      { ...by, action: 'ecr:GetAuthorizationToken', resource: '*' },
      ...['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'].map((action) => ({
        ...by,
        action,
        resource: repository ?? '',
      })),
      ...['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({
        ...by,
        action,
        resource: streamOf(logGroup),
      })),
    ];
  });
}

/** Media are not stored yet; the bucket and the tenants' way to it are there. */
function tenantMedia({ arnsOf, encryptionKeyOf, workloads }: Deployment): Check[] {
  const roles = new Set(workloads.flatMap(({ environment }) => environment.TENANT_ROLE_ARN ?? []));
  const bucket = arnsOf('AWS::S3::Bucket').find((arn) => encryptionKeyOf(arn) !== undefined);
  if (bucket === undefined) return [];
  return [...roles].flatMap((role) => {
    const by = { principal: sessionOf(role, `user-${ownUser}`), role };
    const keyArn = encryptionKeyOf(bucket) ?? '';
    return [
      ...['s3:GetObject', 's3:PutObject', 's3:DeleteObject'].map((action) => ({
        ...by,
        action,
        resource: `${bucket}/users/${ownUser}/photo`,
        context: {},
      })),
      { ...by, action: 's3:ListBucket', resource: bucket, context: { 's3:prefix': `users/${ownUser}/` } },
      ...(['kms:GenerateDataKey', 'kms:Decrypt'] as const).map((action) => ({
        ...by,
        ...encryptionAccess({ keyArn, action, service: 's3', context: { 'aws:s3:arn': bucket } }),
      })),
    ];
  });
}

/** The newest that the bucket policies ask for. */
const overTls = { context: { 's3:TlsVersion': '1.2' } };

/** Whoever runs the account works with its queues, buckets and keys, over TLS. */
function administration({ arnsOf, encryptionKeyOf, workloads }: Deployment): Check[] {
  const holdsData = (bucket: string) => encryptionKeyOf(bucket) !== undefined;
  const mounts = workloads.flatMap(({ resources }) => resources.fileSystems);
  const by = { principal: sessionOf(administrator, 'operator'), role: administrator, context: {} };
  return [
    ...arnsOf('AWS::SQS::Queue').map((resource) => ({ ...by, action: 'sqs:ReceiveMessage', resource })),
    ...arnsOf('AWS::SNS::Topic').map((resource) => ({ ...by, action: 'sns:Publish', resource })),
    ...arnsOf('AWS::S3::Bucket').flatMap((resource) => [
      { ...by, ...(holdsData(resource) && overTls), action: 's3:ListBucket', resource },
      { ...by, ...(holdsData(resource) && overTls), action: 's3:GetObject', resource: `${resource}/file` },
      // One that only the account's own people may ask for, whatever the bucket says of TLS.
      ...(holdsData(resource) ? [{ ...by, action: 's3:GetBucketTagging', resource }] : []),
    ]),
    ...mounts.flatMap(({ fileSystem, accessPoint }) => [
      {
        ...by,
        action: 'elasticfilesystem:ClientMount',
        resource: fileSystem,
        context: {
          'elasticfilesystem:AccessPointArn': accessPoint,
          'elasticfilesystem:AccessedViaMountTarget': 'true',
        },
      },
      { ...by, action: 'elasticfilesystem:DescribeMountTargets', resource: fileSystem },
    ]),
    ...arnsOf('AWS::KMS::Key').map((resource) => ({ ...by, action: 'kms:DescribeKey', resource })),
  ];
}

/** CloudFront fetches the web app from its bucket. */
function webFiles({ arnsOf, policies }: Deployment): Check[] {
  const [distribution] = arnsOf('AWS::CloudFront::Distribution');
  const open = policies.filter(({ document }) => JSON.stringify(document).includes('cloudfront.amazonaws.com'));
  return open.flatMap(({ owner }) => [
    {
      principal: 'cloudfront.amazonaws.com',
      action: 's3:GetObject',
      resource: `${owner}/index.html`,
      context: { 'AWS:SourceArn': distribution ?? '' },
    },
  ]);
}

/** EventBridge writes what it could not hand over into an encrypted queue. */
function rules({ ruleOf, ruleDeadLettersOf, encryptionKeyOf, workloads }: Deployment): Check[] {
  return workloads.flatMap(({ name }) => {
    const queue = ruleDeadLettersOf(name);
    const rule = ruleOf(name);
    if (queue === undefined || rule === undefined) return [];
    const context = { 'aws:SourceArn': rule, 'aws:SourceAccount': localAccountId };
    const by = { principal: 'events.amazonaws.com', context };
    const key = encryptionKeyOf(queue);
    return [
      { ...by, action: 'sqs:SendMessage', resource: queue },
      ...(key === undefined
        ? []
        : ['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => ({ ...by, action, resource: key }))),
    ];
  });
}

/** CloudWatch tells of alarms by way of an encrypted topic. */
function alarms({ arnsOf, encryptionKeyOf }: Deployment): Check[] {
  const by = { principal: 'cloudwatch.amazonaws.com', context: { 'aws:SourceAccount': localAccountId } };
  return arnsOf('AWS::SNS::Topic').flatMap((topic) => {
    const key = encryptionKeyOf(topic);
    return [
      { ...by, action: 'sns:Publish', resource: topic },
      ...(key === undefined
        ? []
        : ['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => ({ ...by, action, resource: key }))),
    ];
  });
}

import type { IConstruct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';

export interface Wildcard {
  /** The only actions for which it is good. */
  actions: readonly string[];
  /** The resource as text, names of other stacks' exports included. */
  resource: RegExp;
  reason: string;
}

/**
 * Every resource in a role's policy that is not named whole, and why. The tests hold each policy of each template
 * against this list; no action is ever a wildcard.
 */
export const wildcards = {
  connections: {
    actions: ['execute-api:ManageConnections'],
    resource: /^arn:aws:execute-api:[^*]+\/live\/(POST|DELETE)\/@connections\/\*$/,
    reason: 'API Gateway makes up the id of a connection when it opens; the API, its stage and the method are named.',
  },
  media: {
    actions: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
    resource: /^[^*]+\/users\/\$\{aws:PrincipalTag\/userId\}\/\*$/,
    reason: 'All objects of one user: the session tag names whose.',
  },
  traces: {
    actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
    resource: /^\*$/,
    reason: 'X-Ray has no resource to name: traces go to the account.',
  },
  streams: {
    actions: ['dynamodb:ListStreams'],
    resource: /^\*$/,
    reason: 'Listing streams has no resource to name; only the streams of one table are read.',
  },
  streamsOfTable: {
    actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
    resource: /^<top-active-\w+-data:[^*<>]+Arn\w+>\/stream\/\*$/,
    reason:
      'A restored table has a new stream, whose name is not known in advance. With the old name only, the stream could not be read until the next deployment. The table is named.',
  },
  registryLogin: {
    actions: ['ecr:GetAuthorizationToken'],
    resource: /^\*$/,
    reason: 'The login to the registry has no resource to name; what may be pulled with it is one repository.',
  },
} as const satisfies Record<string, Wildcard>;

/** Tells cdk-nag of a wildcard in a policy of this construct. @param resource as cdk-nag writes it */
export function acknowledgeWildcard(construct: IConstruct, name: keyof typeof wildcards, resource: string): void {
  acknowledge(construct, { [`AwsSolutions-IAM5[Resource::${resource}]`]: wildcards[name].reason });
}

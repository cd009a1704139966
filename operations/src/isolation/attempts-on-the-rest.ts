import { PostToConnectionCommand, type ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { AdminGetUserCommand, type CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { GetItemCommand, ScanCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeStreamCommand, type DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ReceiveMessageCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import type { Attempt } from './attempts-on-items.ts';

export interface Rest {
  clients: {
    dynamoDb: DynamoDBClient;
    sqs: SQSClient;
    secrets: SecretsManagerClient;
    cognito: CognitoIdentityProviderClient;
    streams: DynamoDBStreamsClient;
    sts: STSClient;
    management: ApiGatewayManagementApiClient;
  };
  /** Names of the tables that hold nothing of tenants. */
  tables: readonly string[];
  queues: readonly string[];
  secretArn: string | undefined;
  userPoolId: string;
  streamArn: string;
  tenantRoleArn: string | undefined;
  own: string;
  neighbour: string;
}

/** What a tenant's session must not even touch: tables, queues, secrets, streams, people, connections, sessions. */
export function attemptsOnTheRest(rest: Rest): Attempt[] {
  const { clients, own, neighbour } = rest;
  const assume = (userId: string) => () =>
    clients.sts.send(
      new AssumeRoleCommand({
        RoleArn: rest.tenantRoleArn,
        RoleSessionName: `user-${userId}`,
        Tags: [{ Key: 'userId', Value: userId }],
        TransitiveTagKeys: ['userId'],
      }),
    );
  return [
    ...rest.tables.flatMap((TableName) => attemptsOnOtherTable(clients.dynamoDb, TableName, own)),
    ...rest.queues.flatMap((QueueUrl) => [
      {
        what: `SQS SendMessage ${QueueUrl}`,
        run: () => clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}', MessageGroupId: neighbour })),
      },
      {
        what: `SQS ReceiveMessage ${QueueUrl}`,
        run: () => clients.sqs.send(new ReceiveMessageCommand({ QueueUrl })),
      },
    ]),
    {
      what: 'Secrets GetSecretValue',
      run: () => clients.secrets.send(new GetSecretValueCommand({ SecretId: rest.secretArn })),
    },
    {
      what: 'Cognito AdminGetUser',
      run: () => clients.cognito.send(new AdminGetUserCommand({ UserPoolId: rest.userPoolId, Username: neighbour })),
    },
    {
      what: 'Streams DescribeStream',
      run: () => clients.streams.send(new DescribeStreamCommand({ StreamArn: rest.streamArn })),
    },
    { what: 'STS AssumeRole as the neighbour', run: assume(neighbour) },
    { what: 'STS AssumeRole as oneself', run: assume(own) },
    {
      what: 'Connections PostToConnection',
      run: () =>
        clients.management.send(
          new PostToConnectionCommand({ ConnectionId: 'abc', Data: new TextEncoder().encode('x') }),
        ),
    },
  ];
}

function attemptsOnOtherTable(client: DynamoDBClient, TableName: string, own: string): Attempt[] {
  const Key = { pk: { S: `USER#${own}` }, sk: { S: 'x' } };
  return [
    { what: `Other table GetItem ${TableName}`, run: () => client.send(new GetItemCommand({ TableName, Key })) },
    { what: `Other table Scan ${TableName}`, run: () => client.send(new ScanCommand({ TableName })) },
  ];
}

import { z } from 'zod';
import { epochSeconds } from '../wire/json-protocol.ts';
import type { DefineOperation, Operation } from '../wire/operation.ts';
import { cognitoError } from './errors.ts';
import { clientId } from './input.ts';
import { clientConfig, poolConfig } from './pool-config.ts';
import { poolArn, type Client, type Pool, type PoolStore } from './pool-store.ts';

const poolId = z.string().min(1).max(55);

/** Making and describing user pools and app clients. */
export function poolOperations(define: DefineOperation, pools: PoolStore): Record<string, Operation> {
  return {
    CreateUserPool: define({
      input: poolConfig,
      access: () => [{ action: 'cognito-idp:CreateUserPool', resource: '*' }],
      run: (config) => ({ UserPool: describePool(pools.putPool(config)) }),
    }),

    DescribeUserPool: define({
      input: z.object({ UserPoolId: poolId }),
      access: ({ UserPoolId }) => [{ action: 'cognito-idp:DescribeUserPool', resource: poolArn(UserPoolId) }],
      run: ({ UserPoolId }) => ({ UserPool: describePool(pools.pool(UserPoolId)) }),
    }),

    CreateUserPoolClient: define({
      input: clientConfig.extend({ UserPoolId: poolId }),
      access: ({ UserPoolId }) => [{ action: 'cognito-idp:CreateUserPoolClient', resource: poolArn(UserPoolId) }],
      run: ({ UserPoolId, ...config }) => ({ UserPoolClient: describeClient(pools.putClient(UserPoolId, config)) }),
    }),

    DescribeUserPoolClient: define({
      input: z.object({ UserPoolId: poolId, ClientId: clientId }),
      access: ({ UserPoolId }) => [{ action: 'cognito-idp:DescribeUserPoolClient', resource: poolArn(UserPoolId) }],
      run({ UserPoolId, ClientId }) {
        const client = pools.client(ClientId);
        if (client.poolId !== UserPoolId) {
          throw cognitoError('ResourceNotFoundException', `User pool client ${ClientId} does not exist.`);
        }
        return { UserPoolClient: describeClient(client) };
      },
    }),
  };
}

function describePool({ id, config: { PoolName, ...config }, createdAt }: Pool): object {
  const CreationDate = epochSeconds(createdAt);
  return { ...config, Id: id, Name: PoolName, Arn: poolArn(id), CreationDate, LastModifiedDate: CreationDate };
}

function describeClient({ id, poolId, config, secret, createdAt }: Client): object {
  const CreationDate = epochSeconds(createdAt);
  return {
    ...config,
    GenerateSecret: undefined,
    ClientId: id,
    ...(secret !== null && { ClientSecret: secret }),
    UserPoolId: poolId,
    CreationDate,
    LastModifiedDate: CreationDate,
  };
}

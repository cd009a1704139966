import { beforeAll, describe, expect, it } from 'vitest';
import { loadTemplates } from './cloud-assembly.ts';
import { readDeployment, type Deployment } from './deployment.ts';
import { createEvaluator, type Evaluator } from './evaluator.ts';
import { createResolver } from './resolver.ts';
import { readTemplate } from './template.ts';

const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/items';
let deployment: Deployment;
let evaluator: Evaluator;
beforeAll(async () => {
  deployment = readDeployment(await loadTemplates('dev'), {
    ITEMS_TABLE: { name: 'items', attributes: { StreamArn: `${table}/stream/2026` } },
  });
  evaluator = createEvaluator(deployment.policies);
});

describe('the synthesized templates', () => {
  it('are what roles, tables and keys are read from', () => {
    expect(deployment.workload('chats').environment).toMatchObject({ ITEMS_TABLE: 'items', STAGE: 'dev' });
    expect(deployment.workload('session-host').roleArn).toMatch(/^arn:aws:iam::000000000000:role\/top-active-dev-/);
    expect(deployment.tables.get(table)).toEqual({ partitionKey: 'pk', indexes: { 'chats-by-activity': 'pk' } });
    expect(deployment.encryptionKeyOf(table)).toMatch(/^arn:aws:kms:us-east-1:000000000000:key\//);
    expect(deployment.ruleOf('maintenance')).toContain(':rule/');
    expect(deployment.failureQueueOf('dispatch')).toContain(':sqs:');
    expect(() => deployment.workload('nobody')).toThrow(/nobody/);
    const queue = (name: string) => deployment.workQueue(`arn:aws:sqs:us-east-1:000000000000:${name}.fifo`);
    expect(queue('top-active-dev-wake-0')).toEqual({ visibilityTimeout: 120, maxReceiveCount: 20 });
    expect(() => queue('nothing')).toThrow(/nothing/);
  });

  it('leave no reference open in any policy', () => {
    expect(JSON.stringify(deployment.policies)).not.toMatch(/Fn::|"Ref"|unbound|undefined/);
    expect(deployment.policies.length).toBeGreaterThan(50);
  });
});

describe('a tenant session', () => {
  const userId = '11111111-1111-4111-8111-111111111111';
  const ask = (context: Record<string, string | string[]>, action = 'dynamodb:GetItem', resource = table) => {
    const roleArn = deployment.workload('chats').environment.TENANT_ROLE_ARN ?? '';
    const arn = `arn:aws:sts::000000000000:assumed-role/${roleArn.split('/')[1]}/user-${userId}`;
    return evaluator.evaluate({ caller: { arn, roleArn, tags: { userId } }, action, resource, context });
  };

  it('reaches its own partition', async () => {
    expect(await ask({ 'dynamodb:LeadingKeys': [`USER#${userId}`] })).toEqual({
      effect: 'allow',
      message: '',
      near: [],
    });
  });

  it.each([
    ['of a neighbour', { 'dynamodb:LeadingKeys': ['USER#22222222-2222-4222-8222-222222222222'] }],
    ['beside its own', { 'dynamodb:LeadingKeys': [`USER#${userId}`, 'USER#x'] }],
    ['that is not named', {}],
  ])('is told what it may not reach: a partition %s', async (_, context) => {
    const decision = await ask(context);
    expect(decision.effect).toBe('implicit deny');
    expect(decision.message).toMatch(
      /^User: arn:aws:sts::000000000000:assumed-role\/.*\/user-.* is not authorized to perform: dynamodb:GetItem on resource: .*table\/items because no identity-based policy allows the dynamodb:GetItem action$/,
    );
    expect(decision.near.join()).toMatch(/would allow it, but for .*dynamodb:LeadingKeys/);
  });

  it('names a resource, never a pattern', async () => {
    expect((await ask({}, 's3:GetObject', 'arn:aws:s3:::media/*')).effect).toBe('implicit deny');
  });

  it('is nobody without its role', async () => {
    const caller = {
      arn: 'arn:aws:sts::000000000000:assumed-role/unknown/x',
      tags: {},
      roleArn: 'arn:aws:iam::000000000000:role/unknown',
    };
    const context = { 'dynamodb:LeadingKeys': [`USER#${userId}`] };
    const decision = await evaluator.evaluate({ caller, action: 'dynamodb:GetItem', resource: table, context });
    expect(decision.effect).toBe('implicit deny');
  });

  it('is narrowed by a session policy', async () => {
    const roleArn = deployment.workload('chats').environment.TENANT_ROLE_ARN ?? '';
    const sessionPolicy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'dynamodb:Query', Resource: '*' }],
    });
    const caller = {
      arn: `arn:aws:sts::000000000000:assumed-role/t/user-${userId}`,
      roleArn,
      tags: { userId },
      sessionPolicy,
    };
    const context = { 'dynamodb:LeadingKeys': [`USER#${userId}`] };
    const effects = await Promise.all(
      ['dynamodb:Query', 'dynamodb:GetItem'].map(
        async (action) => (await evaluator.evaluate({ caller, action, resource: table, context })).effect,
      ),
    );
    expect(effects).toEqual(['allow', 'implicit deny']);
  });
});

describe('intrinsic functions', () => {
  const template = readTemplate(
    'stack',
    JSON.stringify({
      Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q' } } },
      Outputs: { Out: { Value: { 'Fn::GetAtt': ['Queue', 'Arn'] }, Export: { Name: 'exported' } } },
    }),
  );
  const resolver = createResolver([template], new Map());

  it.each([
    [{ 'Fn::Sub': 'x-${AWS::Region}-${Queue.QueueName}-${!kept}' }, 'x-us-east-1-q-${kept}'],
    [
      { 'Fn::Sub': ['${a}/${Queue.Arn}', { a: { Ref: 'AWS::AccountId' } }] },
      '000000000000/arn:aws:sqs:us-east-1:000000000000:q',
    ],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'AWS::StackName' }]] }, 'a-stack'],
    [{ 'Fn::ImportValue': 'exported' }, 'arn:aws:sqs:us-east-1:000000000000:q'],
    [{ 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b'] }] }, 'b'],
    [{ 'Fn::GetStackOutput': { StackName: 'stack', OutputName: 'Out' } }, 'arn:aws:sqs:us-east-1:000000000000:q'],
  ])('%j', (value, expected) => {
    expect(resolver.resolve(value, 'stack')).toBe(expected);
  });

  it.each([[{ Ref: 'Nothing' }], [{ 'Fn::ImportValue': 'nothing' }], [{ 'Fn::Cidr': [] }]])(
    'throw what they cannot stand for: %j',
    (value) => {
      expect(() => resolver.resolve(value, 'stack')).toThrow(/stack/);
    },
  );
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { webSecurityHeaders } from '@top-active/core/domain';
import { functions } from '@top-active/lambdas/functions';
import { synthesize } from './test-support/synthesize.ts';

interface HostContainer {
  Environment: { Name: string; Value: unknown }[];
  ReadonlyRootFilesystem: boolean;
  LinuxParameters: { InitProcessEnabled: boolean };
  MountPoints: { ContainerPath: string }[];
}

const forEveryFunction = new Set(['NODE_OPTIONS', 'POWERTOOLS_SERVICE_NAME']);

describe.each(['dev', 'prod'] as const)('deployment of %s', (stage) => {
  const { resources, all, statements, imagePlatforms } = synthesize(stage);

  it('has a function for each definition, with a role and a log group of its own', () => {
    expect(all('AWS::Lambda::Function')).toHaveLength(functions.length);
    const roles = all('AWS::Lambda::Function').map((fn) => JSON.stringify(fn.Properties?.Role));
    expect(new Set(roles).size).toBe(functions.length);
    expect(new Set(all('AWS::Lambda::Function').map((fn) => JSON.stringify(fn.Properties?.LoggingConfig))).size).toBe(
      functions.length,
    );
  });

  it('gives each function only the variables that its definition names', () => {
    for (const definition of functions) {
      const fn = all('AWS::Lambda::Function').find(
        (resource) => resource.Properties?.Description === definition.description,
      );
      const { Variables = {} } = (fn?.Properties?.Environment ?? {}) as { Variables?: Record<string, unknown> };
      expect(Variables.POWERTOOLS_SERVICE_NAME).toBe(definition.name);
      const names = Object.keys(Variables).filter((name) => !forEveryFunction.has(name));
      expect(definition.environment, definition.name).toEqual(expect.arrayContaining(names));
    }
  });

  it('hides a job of a queue for six times as long as its function may take, as AWS advises', () => {
    const worker = functions.find(({ trigger }) => trigger.kind === 'queue');
    const [jobs, ...others] = resources('queues', 'AWS::SQS::Queue').filter(
      ({ Properties }) => Properties?.RedrivePolicy !== undefined && Properties.QueueName === undefined,
    );
    expect(others).toEqual([]);
    expect(Number(jobs?.Properties?.VisibilityTimeout)).toBeGreaterThanOrEqual(
      6 * (worker?.timeoutSeconds ?? Infinity),
    );
  });

  it('builds the host’s image for the processors that it runs on, whatever machine builds it', () => {
    expect(imagePlatforms).toEqual(['linux/arm64']);
    expect(all('AWS::ECS::TaskDefinition')[0]?.Properties).toMatchObject({
      RuntimePlatform: { CpuArchitecture: 'ARM64' },
    });
  });

  it('lets only those open secrets who need to, each secret in its owner’s context', () => {
    const secrets = statements().filter(({ Condition }) => Condition?.StringEquals?.['kms:EncryptionContext:userId']);
    expect(secrets.flatMap(({ Action }) => Action).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'kms:Decrypt',
      'kms:Decrypt',
      'kms:GenerateDataKey',
      'kms:GenerateDataKey',
    ]);
    for (const { Condition } of secrets)
      expect(Condition?.StringEquals?.['kms:EncryptionContext:userId']).toBe('${aws:PrincipalTag/userId}');
  });

  it('lets those who work on tables of their own use the key of the tables', () => {
    const policyOf = (name: string) =>
      all('AWS::IAM::Policy')
        .map((policy) => JSON.stringify(policy.Properties))
        .find((text) => text.includes(`"PolicyName":"${name}Role`)) ?? '';
    for (const name of ['Auth', 'Credentials', 'Whatsapp', 'Maintenance'])
      expect(policyOf(name), name).toContain('kms:ViaService');
    // Beginning a registration writes a new item.
    expect(policyOf('Auth')).toContain('dynamodb:PutItem');
  });

  it('lets nobody take an erased user’s tombstone away', () => {
    const granted = statements().filter(({ Resource }) => JSON.stringify(Resource).includes('Erasures'));
    const on = (partition: string) =>
      granted
        .filter(({ Condition }) =>
          [Condition?.['ForAllValues:StringEquals']?.['dynamodb:LeadingKeys']].flat().includes(partition),
        )
        .flatMap(({ Action }) => Action);
    expect(new Set(on('TOMBSTONE'))).toEqual(new Set(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem']));
    expect(new Set(on('OPEN'))).toEqual(
      new Set(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem']),
    );
    expect(granted).not.toEqual([]);
    for (const { Condition } of granted) expect(Condition?.Null).toEqual({ 'dynamodb:LeadingKeys': 'false' });
  });

  it('gives a session host no variable and no capability that it does not need', () => {
    const [task] = resources('hosts', 'AWS::ECS::TaskDefinition');
    const text = JSON.stringify(task?.Properties);
    expect(text).toContain('"Name":"HOST_ACCESS_ENDPOINT"');
    for (const name of ['TENANT_ROLE_ARN', 'ORIGIN_SECRETS', 'GOOGLE_CLIENT_SECRET_ARN', 'USER_POOL_ID'])
      expect(text).not.toContain(name);
    const container = { LinuxParameters: { Capabilities: { Drop: ['ALL'] } } };
    expect(task?.Properties).toMatchObject({ ContainerDefinitions: [container] });
  });

  it('has one session host that is always there, a second one while a new version takes over, and in prod as many as sessions need', () => {
    const [service] = resources('hosts', 'AWS::ECS::Service');
    expect(service?.Properties).toMatchObject({
      DeploymentConfiguration: { MinimumHealthyPercent: 100, MaximumPercent: 200 },
    });
    const [target] = all('AWS::ApplicationAutoScaling::ScalableTarget').map(({ Properties }) => Properties);
    // Left to the scaling where there is one: a deployment must not undo it.
    expect([service?.Properties?.DesiredCount, target?.MinCapacity, target?.MaxCapacity]).toEqual(
      stage === 'prod' ? [undefined, 1, 4] : [1, undefined, undefined],
    );
  });

  it('lets a session host act for nobody of its own accord, and write no heartbeat but its own', () => {
    const ofHosts = resources('hosts', 'AWS::IAM::Policy').flatMap(({ Properties: { PolicyDocument } = {} }) =>
      PolicyDocument
        ? (PolicyDocument as { Statement: { Action: unknown; Condition?: unknown; Resource: unknown }[] }).Statement
        : [],
    );
    expect(JSON.stringify(ofHosts)).not.toContain('sts:AssumeRole');
    const ofLeases = ofHosts.filter(({ Resource }) => JSON.stringify(Resource).includes('Leases'));
    expect(ofLeases.map(({ Action, Condition }) => [Action, Condition])).toEqual([
      ['dynamodb:Scan', undefined],
      [
        ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
        {
          'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['HOST#${aws:userid}'] },
          Null: { 'dynamodb:LeadingKeys': 'false' },
        },
      ],
    ]);
    const trust = JSON.stringify(resources('data', 'AWS::IAM::Role').map((role) => role.Properties));
    expect(trust).not.toContain(`top-active-${stage}-hosts-`);
  });

  it('opens the routes of session hosts to signed requests alone, and not through CloudFront', () => {
    const internal = resources('api', 'AWS::ApiGatewayV2::Route').filter(({ Properties }) =>
      String(Properties?.RouteKey).includes(' /internal/'),
    );
    expect(internal.map(({ Properties }) => Properties?.AuthorizationType)).toEqual(['AWS_IAM', 'AWS_IAM']);
    const [distribution] = resources('web', 'AWS::CloudFront::Distribution');
    const patterns = JSON.stringify(distribution).match(/"PathPattern":"[^"]*"/g);
    expect(patterns).toEqual(['"PathPattern":"api/*"', '"PathPattern":"ws"']);
  });

  it('puts browsers under users of their own, as the image has them, and checkpoints where no browser passes', () => {
    const [task] = resources('hosts', 'AWS::ECS::TaskDefinition');
    const [container] = (task?.Properties?.ContainerDefinitions ?? []) as HostContainer[];
    const variables = new Map(container?.Environment.map(({ Name, Value }) => [Name, Value]));
    const dockerfile = readFileSync(new URL('../../session-host/Dockerfile', import.meta.url), 'utf8');
    for (const name of ['BROWSER_USERS_DIR', 'CHECKPOINT_DIR', 'SCRATCH_DIR'])
      expect(dockerfile).toContain(`${name}=${String(variables.get(name))}`);
    expect(container?.ReadonlyRootFilesystem).toBe(true);
    expect(container?.LinuxParameters.InitProcessEnabled).toBe(true);
    expect(container?.MountPoints.map(({ ContainerPath }) => ContainerPath)).toEqual([
      '/var/lib/session-host/checkpoints',
      '/scratch',
    ]);
  });

  it('lets CloudFront keep no refusal, and answer no request with the answer to another', () => {
    const [distribution] = resources('web', 'AWS::CloudFront::Distribution');
    const notKept = [400, 403, 404, 500, 502, 503].map((ErrorCode) => ({ ErrorCode, ErrorCachingMinTTL: 0 }));
    expect(distribution?.Properties).toMatchObject({
      DistributionConfig: { CustomErrorResponses: expect.arrayContaining(notKept) },
    });
    const [policy] = resources('web', 'AWS::CloudFront::CachePolicy');
    expect(policy?.Properties?.CachePolicyConfig).toMatchObject({
      ParametersInCacheKeyAndForwardedToOrigin: { QueryStringsConfig: { QueryStringBehavior: 'all' } },
    });
  });

  it('sends the same security headers as the laptop', () => {
    const [headers] = resources('web', 'AWS::CloudFront::ResponseHeadersPolicy');
    const sent = JSON.stringify(headers?.Properties);
    for (const value of Object.values(webSecurityHeaders).filter((text) => text !== 'nosniff'))
      expect(sent).toContain(value);
  });
});

import { describe, expect, it } from 'vitest';
import { environments } from './environments.ts';
import { restoredMappingId } from './restored-mapping.ts';
import { textOf } from './test-support/policy-text.ts';
import { synthesize } from './test-support/synthesize.ts';

describe('a deployment with everything on', () => {
  const { resources, all } = synthesize('prod', {
    network: { hosts: 'nat', natGateways: 2, flowLogs: true },
    domain: { name: 'app.example.com', hostedZoneId: 'Z0123', zoneName: 'example.com' },
    email: { from: 'no-reply@example.com', senderName: 'Top Active', verifiedDomain: 'example.com' },
    threatProtection: true,
    hosts: { ...environments.prod.hosts, min: 2, max: 4 },
  });
  const distribution = () => resources('web', 'AWS::CloudFront::Distribution')[0]?.Properties;

  it('has its own address, with a certificate from the region where CloudFront looks for it', () => {
    expect(resources('edge', 'AWS::CertificateManager::Certificate')).toHaveLength(1);
    expect(distribution()).toMatchObject({
      DistributionConfig: {
        Aliases: ['app.example.com'],
        ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021', SslSupportMethod: 'sni-only' },
      },
    });
    const records = resources('web', 'AWS::Route53::RecordSet').map(({ Properties }) => Properties);
    expect(new Set(records.map((record) => textOf([record?.Name, record?.Type])))).toEqual(
      new Set(['app.example.com.,A', 'app.example.com.,AAAA']),
    );
    const account = all('AWS::Lambda::Function').find(({ Properties }) =>
      String(Properties?.Description).includes('Profile'),
    );
    expect(account?.Properties).toMatchObject({
      Environment: { Variables: { APP_ORIGIN: 'https://app.example.com' } },
    });
  });

  it('blocks an address that asks too often, and guesses at passwords sooner', () => {
    const [firewall] = resources('edge', 'AWS::WAFv2::WebACL');
    const rules = (firewall?.Properties?.Rules ?? []) as { Statement: { RateBasedStatement?: { Limit: number } } }[];
    const limits = rules.flatMap(({ Statement }) => Statement.RateBasedStatement?.Limit ?? []);
    const { signInsPerFiveMinutes, requestsPerFiveMinutes } = environments.prod.firewall;
    expect(limits).toEqual([signInsPerFiveMinutes, requestsPerFiveMinutes]);
    expect(JSON.stringify(firewall)).not.toContain('"SampledRequestsEnabled":true');
    expect(distribution()).toHaveProperty('DistributionConfig.WebACLId');
  });

  it('gives session hosts no public address', () => {
    expect(all('AWS::EC2::NatGateway')).toHaveLength(2);
    const [service] = resources('hosts', 'AWS::ECS::Service');
    expect(service?.Properties).toHaveProperty('NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp', 'DISABLED');
  });

  it('starts a new session host beside the old ones, and lets their number grow, but not shrink by itself', () => {
    const [service] = resources('hosts', 'AWS::ECS::Service');
    expect(service?.Properties).toMatchObject({
      DeploymentConfiguration: { MinimumHealthyPercent: 100, MaximumPercent: 150 },
    });
    expect(service?.Properties).not.toHaveProperty('DesiredCount');
    const [target] = all('AWS::ApplicationAutoScaling::ScalableTarget');
    expect(target?.Properties).toMatchObject({ MinCapacity: 2, MaxCapacity: 4 });
    const policies = all('AWS::ApplicationAutoScaling::ScalingPolicy').map(
      ({ Properties }) => Properties?.TargetTrackingScalingPolicyConfiguration,
    );
    expect(policies).toEqual([
      expect.objectContaining({
        DisableScaleIn: true,
        CustomizedMetricSpecification: {
          Namespace: 'TopActive',
          MetricName: 'SessionsUsedShare',
          Dimensions: [{ Name: 'stage', Value: 'prod' }],
          Statistic: 'Average',
        },
      }),
      expect.objectContaining({
        DisableScaleIn: true,
        PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageMemoryUtilization' },
      }),
    ]);
  });

  it('writes e-mails from its own address, and refuses passwords that leaked', () => {
    const [pool] = resources('identity', 'AWS::Cognito::UserPool');
    expect(pool?.Properties).toMatchObject({
      EmailConfiguration: { EmailSendingAccount: 'DEVELOPER', From: 'Top Active <no-reply@example.com>' },
      UserPoolTier: 'PLUS',
      UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' },
    });
  });
});

it('has nothing outside its region without domain and firewall', () => {
  expect(synthesize('dev').templates.has('edge')).toBe(false);
  expect(synthesize('prod').templates.has('edge')).toBe(true);
});

describe('the secret between CloudFront and the functions', () => {
  /** Names of the secrets that a text refers to. */
  const secretsIn = (value: unknown) => [
    ...new Set([...JSON.stringify(value).matchAll(/OriginSecret(\d)[\dA-F]{8}/g)].map(([, number]) => Number(number))),
  ];
  const sides = (originSecret: number) => {
    const { all, templates } = synthesize('dev', { originSecret });
    return {
      sent: secretsIn(all('AWS::CloudFront::Distribution')),
      known: secretsIn(all('AWS::Lambda::Function')),
      exported: secretsIn(templates.get('web')?.Outputs),
    };
  };

  it('can be changed without a moment in which one side lacks it, and without an export that vanishes while it is used', () => {
    const [before, after] = [sides(1), sides(2)];
    expect(before).toMatchObject({ sent: [1], known: [1, 2] });
    expect(after).toMatchObject({ sent: [2], known: [2, 3] });
    // The stack of CloudFront changes first: functions are those of before.
    expect(before.known).toEqual(expect.arrayContaining(after.sent));
    expect(after.exported).toEqual(expect.arrayContaining(before.known));
  });
});

describe('a deployment after a restore', () => {
  const itemsStream = 'arn:aws:dynamodb:sa-east-1:123456789012:table/items/stream/2026-11-25T04:05:06.789';
  const { templates } = synthesize('prod', { itemsStream });
  const mappings = Object.entries(templates.get('workers')?.Resources ?? {}).filter(
    ([, { Type, Properties }]) => Type === 'AWS::Lambda::EventSourceMapping' && Properties?.StartingPosition,
  );

  it('has the mapping on the new stream, under an id that is free for what the restore has made', () => {
    expect(mappings.map(([id, { Properties }]) => [id, Properties?.EventSourceArn])).toEqual([
      [restoredMappingId(itemsStream), itemsStream],
    ]);
    expect(restoredMappingId(itemsStream)).toBe('RestoredStream20261125040506789');
  });

  it('needs nothing of the stream that CloudFormation knows, and leaves its export until nobody imports it', () => {
    expect(JSON.stringify(templates.get('workers'))).not.toMatch(/Items\w+StreamArn/);
    expect(JSON.stringify(templates.get('data'))).toMatch(/ExportsOutputFnGetAttItems\w+StreamArn/);
  });
});

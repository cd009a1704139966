import { describe, expect, it } from 'vitest';
import { textOf } from './test-support/policy-text.ts';
import { synthesize } from './test-support/synthesize.ts';

describe.each(['dev', 'prod'] as const)('safety of %s', (stage) => {
  const { all, templates } = synthesize(stage);
  const keeps = stage === 'prod';

  it('encrypts whatever holds data, with a key of ours that is changed every year', () => {
    const key = { KMSMasterKeyId: expect.anything() };
    for (const { Properties } of all('AWS::KMS::Key')) expect(Properties).toMatchObject({ EnableKeyRotation: true });
    for (const { Properties } of all('AWS::DynamoDB::Table'))
      expect(Properties).toMatchObject({ SSESpecification: { SSEEnabled: true, SSEType: 'KMS', ...key } });
    for (const { Properties } of all('AWS::SQS::Queue')) expect(Properties).toHaveProperty('KmsMasterKeyId');
    for (const { Properties } of all('AWS::EFS::FileSystem'))
      expect(Properties).toMatchObject({ Encrypted: true, KmsKeyId: expect.anything() });
    for (const { Properties } of all('AWS::S3::Bucket')) expect(Properties).toHaveProperty('BucketEncryption');
  });

  it('takes nothing that is not encrypted on its way', () => {
    const denials = JSON.stringify([...templates.values()]).match(/"aws:SecureTransport":"false"/g) ?? [];
    const places = ['AWS::SQS::Queue', 'AWS::S3::Bucket', 'AWS::EFS::FileSystem'].flatMap((type) => all(type));
    expect(denials.length).toBeGreaterThanOrEqual(places.length);
    expect(JSON.stringify(all('AWS::ECS::TaskDefinition'))).toContain('"TransitEncryption":"ENABLED"');
  });

  it('keeps data and protects it from deletion where that is wanted', () => {
    const data = ['AWS::DynamoDB::Table', 'AWS::KMS::Key', 'AWS::EFS::FileSystem', 'AWS::S3::Bucket'];
    for (const type of [...data, 'AWS::Cognito::UserPool'])
      for (const resource of all(type)) expect(resource.DeletionPolicy, type).toBe(keeps ? 'Retain' : 'Delete');
    for (const { Properties } of all('AWS::DynamoDB::Table'))
      expect(Properties?.DeletionProtectionEnabled ?? false).toBe(keeps);
    for (const { Properties } of all('AWS::Cognito::UserPool'))
      expect(Properties?.DeletionProtection).toBe(keeps ? 'ACTIVE' : 'INACTIVE');
  });

  it('can bring tables back to any second, and wrapped keys only for a day', () => {
    const days = all('AWS::DynamoDB::Table').map(({ Properties }) => {
      const recovery = Properties?.PointInTimeRecoverySpecification as Record<string, unknown>;
      expect(recovery.PointInTimeRecoveryEnabled).toBe(true);
      return recovery.RecoveryPeriodInDays;
    });
    expect(days.filter((period) => period === 1)).toHaveLength(1);
    expect(days.filter((period) => period === 35)).toHaveLength(days.length - 1);
  });

  it('keeps every log for a set time', () => {
    for (const { Properties } of all('AWS::Logs::LogGroup')) expect(Properties?.RetentionInDays).toBeGreaterThan(0);
  });

  it('lets nothing in from outside', () => {
    for (const { Properties } of all('AWS::EC2::SecurityGroup'))
      expect(Properties?.SecurityGroupIngress ?? []).toEqual([]);
    for (const { Properties } of all('AWS::EC2::SecurityGroupIngress')) {
      expect(Properties).toHaveProperty('SourceSecurityGroupId');
      expect(Properties).toMatchObject({ FromPort: 2049, ToPort: 2049 });
    }
    for (const { Properties } of all('AWS::S3::Bucket'))
      expect(Properties?.PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
    expect(all('AWS::Lambda::Url')).toEqual([]);
  });

  it('loses no message silently: what cannot be processed goes to a queue with an alarm that states its impact', () => {
    const alarms = all('AWS::CloudWatch::Alarm')
      .map(({ Properties }) => Properties ?? {})
      .filter(({ MetricName }) => MetricName === 'ApproximateNumberOfMessagesVisible');
    for (const { AlarmDescription } of alarms) expect(AlarmDescription).toContain('Impact: ');
    const alarmed = alarms.map(({ Dimensions }) => textOf((Dimensions as [{ Value: unknown }])[0].Value));
    const queues = [...templates.values()].flatMap(({ Resources }) =>
      Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::SQS::Queue'),
    );
    const last = queues.filter(([, { Properties }]) => !Properties?.RedrivePolicy).map(([id]) => `<${id}.QueueName>`);
    expect(alarmed).toEqual(expect.arrayContaining(last));
    const redriven = queues.flatMap(([, { Properties }]) => Properties?.RedrivePolicy ?? []);
    for (const policy of redriven)
      expect(last).toContain(
        textOf((policy as { deadLetterTargetArn: unknown }).deadLetterTargetArn).replace('.Arn', '.QueueName'),
      );
    const streams = all('AWS::Lambda::EventSourceMapping').filter(({ Properties }) =>
      textOf(Properties?.EventSourceArn).includes('Stream'),
    );
    for (const { Properties } of [...streams, ...all('AWS::Lambda::EventInvokeConfig')])
      expect(Properties).toHaveProperty('DestinationConfig.OnFailure.Destination');
    const targets = all('AWS::Events::Rule').flatMap(({ Properties }) => Properties?.Targets as object[]);
    for (const target of targets) expect(target).toHaveProperty('DeadLetterConfig.Arn');
    expect(streams.length * targets.length).toBeGreaterThan(0);
  });
});

import { describe, expect, it } from 'vitest';
import { functions } from '@top-active/lambdas/functions';
import { wildcards, type Wildcard } from './permissions/wildcards.ts';
import { textOf } from './test-support/policy-text.ts';
import { synthesize, type Statement } from './test-support/synthesize.ts';

const reasons: [string, Wildcard][] = Object.entries(wildcards);
const actionsOf = ({ Action }: Statement) => [Action].flat();
const resourcesOf = ({ Resource }: Statement) => [Resource].flat().map(textOf);

const pairsOf = (statement: Statement) =>
  actionsOf(statement).flatMap((action) => resourcesOf(statement).map((resource) => [action, resource] as const));

describe.each(['dev', 'prod'] as const)('policies of %s', (stage) => {
  const { all, statements, resourcePolicies, trusts } = synthesize(stage);

  it('say what is allowed, never what is not', () => {
    for (const statement of [...statements(), ...resourcePolicies(), ...trusts()])
      for (const key of ['NotAction', 'NotResource', 'NotPrincipal']) expect(statement).not.toHaveProperty(key);
    expect(statements().filter(({ Effect }) => Effect !== 'Allow')).toEqual([]);
  });

  it('name every action', () => {
    expect(
      statements()
        .flatMap(actionsOf)
        .filter((action) => action.includes('*')),
    ).toEqual([]);
  });

  it('name every resource, but for those with a written reason; and no reason is without use', () => {
    const used = new Set<string>();
    for (const [action, resource] of statements()
      .flatMap(pairsOf)
      .filter(([, text]) => text.includes('*'))) {
      const [name = 'without a reason in permissions/wildcards.ts'] =
        reasons.find(([, reason]) => reason.resource.test(resource) && reason.actions.includes(action)) ?? [];
      expect(Object.keys(wildcards), `${action} on ${resource}`).toContain(name);
      used.add(name);
    }
    expect([...used].toSorted()).toEqual(Object.keys(wildcards).toSorted());
  });

  it('are of one role for each function, and no managed policy is among them', () => {
    const roles = all('AWS::Lambda::Function').map(({ Properties }) => textOf(Properties?.Role));
    expect(new Set(roles).size).toBe(roles.length);
    expect(roles.length).toBeGreaterThanOrEqual(functions.length);
    // AWS Backup's own policy, on the role that it alone takes.
    const managed = all('AWS::IAM::Role').flatMap(
      ({ Properties }) => (Properties?.ManagedPolicyArns ?? []) as unknown[],
    );
    expect(managed.map(textOf)).toEqual(
      stage === 'prod' ? ['arn:<AWS::Partition>:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup'] : [],
    );
  });

  it('let nobody take on a role but the services that run it, and tenant roles only in the name of a user', () => {
    const services = ['backup', 'ecs-tasks', 'lambda', 'vpc-flow-logs'].map((name) => `${name}.amazonaws.com`);
    const [ofServices, ofRoles] = ['Service', 'AWS'].map((kind) =>
      trusts().filter(({ Principal }) => Object.hasOwn(Object(Principal), kind)),
    );
    expect(trusts()).toHaveLength((ofServices?.length ?? 0) + (ofRoles?.length ?? 0));
    for (const { Principal } of ofServices ?? [])
      expect(services).toContain((Principal as { Service: string }).Service);
    expect(ofRoles).toHaveLength(2);
    for (const { Principal, Action, Condition } of ofRoles ?? []) {
      expect(textOf(Principal)).toBe('<arn:aws:iam::<AWS::AccountId>:root>');
      expect(Action).toEqual(['sts:AssumeRole', 'sts:TagSession']);
      const roles = ['api', 'workers'].map(
        (part) => `arn:<AWS::Partition>:iam::<AWS::AccountId>:role/top-active-${stage}-${part}-*`,
      );
      expect(Condition).toEqual({
        ArnLike: { 'aws:PrincipalArn': expect.anything() },
        StringLike: { 'aws:RequestTag/userId': '????????-????-????-????-????????????' },
        Null: { 'aws:RequestTag/userId': 'false' },
      });
      expect([Condition?.ArnLike?.['aws:PrincipalArn']].flat().map(textOf)).toEqual(roles);
    }
  });

  it('open no resource to everybody', () => {
    const allowed = resourcePolicies().filter(({ Effect }) => Effect === 'Allow');
    for (const { Principal } of allowed) expect(textOf(Principal)).not.toContain('*');
    // A service acts for whoever asks it to, so it needs to be said for whom.
    for (const statement of allowed.filter(({ Principal }) => Object.hasOwn(Object(Principal), 'Service')))
      expect(JSON.stringify(statement.Condition), textOf(statement.Principal)).toMatch(/aws:SourceA(rn|ccount)/i);
  });

  it('confine a tenant to its own items, secrets and objects', () => {
    const tenant = statements().filter(({ Condition, Resource }) =>
      JSON.stringify([Condition, Resource]).includes('${aws:PrincipalTag/userId}'),
    );
    const of = (prefix: string) => tenant.filter((statement) => actionsOf(statement)[0]?.startsWith(prefix));
    expect(of('dynamodb:')).toHaveLength(2);
    for (const { Condition } of of('dynamodb:'))
      expect(Condition).toEqual({
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['USER#${aws:PrincipalTag/userId}'] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      });
    expect(of('dynamodb:').flatMap(actionsOf)).not.toContain('dynamodb:Scan');
    for (const { Condition } of of('s3:ListBucket'))
      expect(Condition).toEqual({
        StringLike: { 's3:prefix': 'users/${aws:PrincipalTag/userId}/*' },
        Null: { 's3:prefix': 'false' },
      });
    expect(of('s3:')).toHaveLength(4);
    expect(of('kms:').flatMap(actionsOf).toSorted()).toEqual(
      ['kms:Decrypt', 'kms:Decrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKey'].toSorted(),
    );
    const anyPurpose = {
      StringEquals: { 'kms:EncryptionContext:userId': '${aws:PrincipalTag/userId}' },
      Null: { 'kms:EncryptionContext:userId': 'false' },
    };
    const contentAlone = {
      StringEquals: { ...anyPurpose.StringEquals, 'kms:EncryptionContext:purpose': 'content' },
      Null: { ...anyPurpose.Null, 'kms:EncryptionContext:purpose': 'false' },
    };
    const opening = of('kms:').filter((statement) => actionsOf(statement).includes('kms:Decrypt'));
    expect(opening.map(({ Condition }) => Condition)).toEqual(expect.arrayContaining([anyPurpose, contentAlone]));
    for (const { Condition } of of('kms:').filter((statement) => !opening.includes(statement)))
      expect(Condition).toEqual(anyPurpose);
  });

  it('keep everybody but tenants from unwrapping a user’s key, whatever else they may', () => {
    const closed = resourcePolicies().filter(({ Effect }) => Effect === 'Deny');
    const closing = closed.find((statement) => actionsOf(statement).includes('kms:Decrypt'));
    expect(actionsOf(closing!).toSorted()).toEqual(['kms:CreateGrant', 'kms:Decrypt', 'kms:ReEncryptFrom']);
    expect(textOf(closing?.Principal)).toContain('*');
    const roles = Object(closing?.Condition).ArnNotEquals['aws:PrincipalArn'] as unknown[];
    expect(roles.map(textOf)).toEqual([
      expect.stringMatching(/TenantRole/),
      expect.stringMatching(/TenantSecretsRole/),
    ]);
  });

  it('can be read from the functions: their variables name what they work with', () => {
    const references = ['_TABLE', '_ARN', '_QUEUE_URL', 'KMS_KEY_ID', 'USER_POOL_ID'];
    for (const { name } of functions) {
      const fn = all('AWS::Lambda::Function').find(
        ({ Properties }) => variablesOf(Properties).POWERTOOLS_SERVICE_NAME === name,
      );
      expect(fn, name).toBeDefined();
      const named = Object.entries(variablesOf(fn?.Properties)).filter(([variable]) =>
        references.some((end) => variable.endsWith(end)),
      );
      for (const [variable, value] of named) expect(textOf(value), `${name} ${variable}`).toMatch(/^<[^<>]+>$/);
    }
  });
});

function variablesOf(properties: Record<string, unknown> | undefined): Record<string, unknown> {
  return (properties?.Environment as { Variables?: Record<string, unknown> } | undefined)?.Variables ?? {};
}

import { managedPolicy } from './managed-policies.ts';
import { readPolicyDocument, type Policy, type PolicyDocument, type Statement } from './policy-document.ts';
import type { Resolver } from './resolver.ts';
import { resourcesOf, type Resource, type Template } from './template.ts';

/** Every policy of the templates: what roles may do, who may assume them, and what resources say themselves. */
export function readPolicies(templates: readonly Template[], resolver: Resolver): Policy[] {
  const all = resourcesOf(templates);
  const read = (value: unknown, { stack }: Resource) => readPolicyDocument(resolver.resolve(value, stack));

  function policiesOf(resource: Resource): Policy[] {
    const { type, properties, stack } = resource;
    const source = sourceOf(resource);
    const owners = (value: unknown) =>
      arrayOf(value).flatMap((item) => {
        const owner = resolver.referenced(item, stack);
        return owner ? [resolver.arnOf(owner)] : [];
      });
    const resourcePolicy = (owner: string, value: unknown): Policy[] =>
      value === undefined ? [] : [{ source, kind: 'resource', owner, document: read(value, resource) }];
    switch (type) {
      case 'AWS::IAM::Role':
        return policiesOfRole(resource);
      case 'AWS::IAM::Policy':
      case 'AWS::IAM::ManagedPolicy':
        return owners(properties.Roles).map((owner) => ({
          source,
          kind: 'identity',
          owner,
          document: read(properties.PolicyDocument, resource),
        }));
      case 'AWS::KMS::Key':
        return resourcePolicy(resolver.arnOf(resource), properties.KeyPolicy);
      case 'AWS::SQS::QueuePolicy':
        return owners(properties.Queues).flatMap((owner) => resourcePolicy(owner, properties.PolicyDocument));
      case 'AWS::SNS::TopicPolicy':
        return owners(properties.Topics).flatMap((owner) => resourcePolicy(owner, properties.PolicyDocument));
      case 'AWS::S3::BucketPolicy':
        return owners(properties.Bucket).flatMap((owner) => resourcePolicy(owner, properties.PolicyDocument));
      case 'AWS::SecretsManager::ResourcePolicy':
        return owners(properties.SecretId).flatMap((owner) => resourcePolicy(owner, properties.ResourcePolicy));
      case 'AWS::EFS::FileSystem':
        return resourcePolicy(resolver.arnOf(resource), properties.FileSystemPolicy);
      case 'AWS::DynamoDB::Table':
        return resourcePolicy(resolver.arnOf(resource), Object(properties.ResourcePolicy).PolicyDocument);
      case 'AWS::Lambda::Permission':
        return lambdaPermission(resource);
      default:
        return [];
    }
  }

  function policiesOfRole(role: Resource): Policy[] {
    const owner = resolver.arnOf(role);
    const { AssumeRolePolicyDocument, Policies, ManagedPolicyArns } = role.properties;
    const trust: Policy = {
      source: sourceOf(role),
      kind: 'trust',
      owner,
      document: read(AssumeRolePolicyDocument, role),
    };
    const inline = arrayOf(Policies).map((policy): Policy => ({
      source: `${sourceOf(role)}/${String(Object(policy).PolicyName)}`,
      kind: 'identity',
      owner,
      document: read(Object(policy).PolicyDocument, role),
    }));
    const managed = arrayOf(ManagedPolicyArns).map((value): Policy => {
      const own = resolver.referenced(value, role.stack);
      const arn = resolver.text(value, role.stack);
      const document = own ? read(own.properties.PolicyDocument, own) : managedPolicy(arn);
      return { source: own ? sourceOf(own) : arn, kind: 'identity', owner, document };
    });
    return [trust, ...inline, ...managed];
  }

  /** A permission is one statement of the function's resource policy. */
  function lambdaPermission(permission: Resource): Policy[] {
    const { FunctionName, Action, Principal, SourceArn, SourceAccount } = permission.properties;
    const fn = resolver.referenced(FunctionName, permission.stack);
    if (!fn) return [];
    const owner = resolver.arnOf(fn);
    const text = (value: unknown) => resolver.text(value, permission.stack);
    const principal = text(Principal);
    const statement: Statement = {
      Sid: permission.logicalId.replaceAll(/[^A-Za-z0-9]/g, ''),
      Effect: 'Allow',
      Action: text(Action),
      Resource: owner,
      Principal: principal.endsWith('.amazonaws.com') ? { Service: principal } : { AWS: principal },
      ...((SourceArn !== undefined || SourceAccount !== undefined) && {
        Condition: {
          ...(SourceArn !== undefined && { ArnLike: { 'aws:SourceArn': text(SourceArn) } }),
          ...(SourceAccount !== undefined && { StringEquals: { 'aws:SourceAccount': text(SourceAccount) } }),
        },
      }),
    };
    const document: PolicyDocument = { Version: '2012-10-17', Statement: [statement] };
    return [{ source: sourceOf(permission), kind: 'resource', owner, document }];
  }

  return all.flatMap(policiesOf);
}

function sourceOf({ stack, logicalId }: Resource): string {
  return `${stack}/${logicalId}`;
}

function arrayOf(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

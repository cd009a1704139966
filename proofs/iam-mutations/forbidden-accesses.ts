import type { Deployment } from '@top-active/cloud/iam';
import { localAccountId, localRegion } from '@top-active/cloud/wire';
import { otherUser, ownUser, sessionOf, type Check } from './check.ts';
import { administrator } from './platform-accesses.ts';

/** Somebody of another account, whose own policies allow everything. */
export const stranger = 'arn:aws:iam::999999999999:role/stranger';

/** An administrator's role with a name like those that may take on a tenant role. */
export const lookalike = `arn:aws:iam::${localAccountId}:role/top-active-dev-api-Lookalike`;

/** What nobody of the product ever does, by what it is done to. */
const otherActions: readonly [RegExp, readonly string[]][] = [
  [/:dynamodb:.*\/stream\//, ['dynamodb:DeleteResourcePolicy']],
  [/:dynamodb:.*\/index\//, ['dynamodb:Scan']],
  [/:dynamodb:/, ['dynamodb:DeleteTable', 'dynamodb:Scan', 'dynamodb:BatchWriteItem']],
  [/:kms:/, ['kms:ScheduleKeyDeletion', 'kms:CreateGrant', 'kms:Encrypt']],
  [/:sqs:/, ['sqs:PurgeQueue', 'sqs:DeleteQueue']],
  [/:sns:/, ['sns:DeleteTopic', 'sns:Subscribe']],
  [/:s3:::[^/]+\//, ['s3:PutObjectAcl']],
  [/:s3:::/, ['s3:DeleteBucket', 's3:ListBucketVersions']],
  [/:role\//, ['sts:SetSourceIdentity', 'iam:UpdateAssumeRolePolicy']],
  [/:execute-api:.*@connections/, ['execute-api:Invoke']],
  [/:execute-api:/, ['execute-api:InvalidateCache']],
  [/:secretsmanager:/, ['secretsmanager:PutSecretValue', 'secretsmanager:DeleteSecret']],
  [/:userpool\//, ['cognito-idp:AdminSetUserPassword']],
  [/:logs:/, ['logs:GetLogEvents']],
  [/:ecr:/, ['ecr:PutImage']],
  [/:elasticfilesystem:/, ['elasticfilesystem:ClientRootAccess']],
  [/:lambda:/, ['lambda:UpdateFunctionCode']],
];

/** Everything that must stay denied, made of what must stay allowed: other actions, other things, other people. */
export function forbiddenAccesses(required: readonly Check[], deployment: Deployment): Check[] {
  const made = [
    ...required.flatMap((check) => [
      ...withOtherActions(check).filter((other) => !isOpenTo(other, required)),
      ...withOtherResources(check, deployment),
      ...withOtherContext(check),
    ]),
    ...byRole(deployment),
    ...onResources(required, deployment),
  ];
  const wanted = new Set(required.map((check) => JSON.stringify(check)));
  const once = new Map(made.map((check) => [JSON.stringify(check), check]));
  return [...once].filter(([key]) => !wanted.has(key)).map(([, check]) => check);
}

function withOtherActions(check: Check): Check[] {
  if (check.role === administrator) return [];
  const [, actions = []] = otherActions.find(([kind]) => kind.test(check.resource)) ?? [];
  const same =
    check.principal.endsWith('.amazonaws.com') && check.action === 'sts:AssumeRole' ? ['sts:TagSession'] : [];
  return [...(check.role === undefined ? same : []), ...actions].map((action) => ({ ...check, action }));
}

/** What somebody does to a thing as a whole, as hosts who scan the leases, is allowed with any context. */
function isOpenTo({ principal, action, resource }: Check, required: readonly Check[]): boolean {
  return required.some(
    (one) =>
      one.principal === principal &&
      one.action === action &&
      one.resource === resource &&
      Object.keys(one.context).length === 0,
  );
}

/** The same done to something else of the kind. */
function withOtherResources(check: Check, { arnsOf }: Deployment): Check[] {
  const { resource, role } = check;
  // A service acts by what the resource itself says, and an administrator may do anything.
  if (resource === '*' || role === undefined || role === administrator) return [];
  if (resource.includes(':kms:'))
    return arnsOf('AWS::KMS::Key')
      .filter((arn) => arn !== resource)
      .map((arn) => ({ ...check, resource: arn }));
  if (resource.includes(':role/'))
    return arnsOf('AWS::IAM::Role')
      .filter((arn) => arn !== resource && /Tenant/.test(arn))
      .map((arn) => ({ ...check, resource: arn }));
  return [{ ...check, resource: foreign(resource) }];
}

function foreign(resource: string): string {
  if (resource.startsWith('arn:aws:s3:::')) return resource.replace(/:::[^/]+/, ':::another-bucket');
  if (resource.includes(':table/')) return resource.replace(/:table\/[^/]+/, ':table/another');
  if (resource.includes(':execute-api:')) return resource.replace(/:[^:/]+\//, ':another000/');
  if (resource.includes(':file-system/')) return resource.replace(/fs-\w+/, 'fs-00000000000000000');
  if (resource.includes(':log-group:')) return resource.replace(/:log-group:[^:]+/, ':log-group:another');
  if (resource.includes('/')) return resource.replace(/\/[^/]+$/, '/another');
  return resource.replace(/[^:]+$/, 'another');
}

/** Facts that must be as they are, and what they are replaced by; undefined takes them away. */
const otherFacts: Readonly<Record<string, readonly (string | string[] | undefined)[]>> = {
  'kms:viaservice': [`ec2.${localRegion}.amazonaws.com`, undefined],
  'kms:encryptioncontext:userid': [otherUser, undefined],
  'kms:encryptioncontext:aws:s3:arn': ['arn:aws:s3:::another-bucket', undefined],
  'aws:requesttag/userid': [undefined],
  'aws:tagkeys': [['userId', 'admin']],
  'aws:sourcearn': [`arn:aws:execute-api:${localRegion}:${localAccountId}:another000/$default/GET/`, undefined],
  's3:prefix': [`users/${otherUser}/`, '', undefined],
  'elasticfilesystem:accesspointarn': [
    `arn:aws:elasticfilesystem:${localRegion}:${localAccountId}:access-point/fsap-00000000000000000`,
    undefined,
  ],
};

function withOtherContext(check: Check): Check[] {
  if (check.role === administrator) return [];
  const facts = Object.entries(check.context);
  const changed = facts.flatMap(([key, value]) => {
    const others =
      key === 'dynamodb:LeadingKeys' ? otherLeadingKeys(check, [value].flat()) : (otherFacts[key.toLowerCase()] ?? []);
    return others.map((other): Check => {
      const rest = Object.fromEntries(facts.filter(([name]) => name !== key));
      return { ...check, context: other === undefined ? rest : { ...rest, [key]: other } };
    });
  });
  // Who may unwrap what was written may not unwrap secrets.
  const purposes = isOfContentAlone(check)
    ? ['credentials', undefined].map((purpose): Check => {
        const { [purposeKey]: _, ...rest } = check.context;
        return { ...check, context: purpose === undefined ? rest : { ...rest, [purposeKey]: purpose } };
      })
    : [];
  // An object belongs to somebody by its name.
  const objects = check.resource.includes(`/users/${ownUser}/`)
    ? [{ ...check, resource: check.resource.replace(ownUser, otherUser) }]
    : [];
  return [...changed, ...purposes, ...objects];
}

const purposeKey = 'kms:EncryptionContext:purpose';

function isOfContentAlone({ role = '', action, context }: Check): boolean {
  return action === 'kms:Decrypt' && context[purposeKey] === 'content' && !role.includes('TenantSecretsRole');
}

/** Keys of people and of hosts are confined; those of the other tables are not anybody's. */
function otherLeadingKeys({ resource, action }: Check, keys: readonly string[]): (string[] | undefined)[] {
  if (keys.some((key) => key.startsWith('USER#')))
    return [[`USER#${otherUser}`], [...keys, `USER#${otherUser}`], undefined];
  const written = !/BatchGetItem|GetItem|Query/.test(action);
  if (resource.endsWith('/leases') && written) return [['HOST#another:task', 'SHARD#999x'], ['OTHER#1'], undefined];
  if (resource.endsWith('/placements') && keys.some((key) => key === 'PAGES' || key === 'MODELS'))
    return [['SHARD#0'], [...keys, 'SHARD#0'], undefined];
  if (resource.endsWith('/erasures')) return [['OTHER'], undefined];
  return [];
}

/** What no role of the product may ever do, whatever else it may. */
function byRole({ policies, arnsOf }: Deployment): Check[] {
  const [table] = arnsOf('AWS::DynamoDB::Table');
  const [bucket] = arnsOf('AWS::S3::Bucket');
  const [lambda] = arnsOf('AWS::Lambda::Function');
  const [secret] = arnsOf('AWS::SecretsManager::Secret');
  const roles = new Set(policies.filter(({ kind }) => kind === 'identity').map(({ owner }) => owner));
  const never: readonly [string, string | undefined][] = [
    ['dynamodb:DeleteTable', table],
    ['s3:DeleteBucket', bucket],
    ['lambda:UpdateFunctionCode', lambda],
    ['secretsmanager:PutSecretValue', secret],
    ['xray:GetTraceSummaries', '*'],
    ['dynamodb:ListTables', '*'],
    ['ecr:DescribeRegistry', '*'],
  ];
  return [...roles].flatMap((role) =>
    never.flatMap(([action, resource]) =>
      resource === undefined
        ? []
        : [{ principal: sessionOf(role, `user-${ownUser}`), role, action, resource, context: {} }],
    ),
  );
}

/** What resources themselves must refuse, whatever the policies of whoever asks say. */
function onResources(required: readonly Check[], { arnsOf, policies }: Deployment): Check[] {
  const byAdministrator = required.filter(({ role }) => role === administrator);
  const insecure = byAdministrator
    .filter(
      ({ resource, action }) => /:sqs:|:sns:|:s3:/.test(resource) || action.startsWith('elasticfilesystem:Client'),
    )
    .flatMap((check) => [
      { ...check, context: { ...check.context, 'aws:SecureTransport': 'false' } },
      ...(check.context['s3:TlsVersion'] === undefined
        ? []
        : [{ ...check, context: { ...check.context, 's3:TlsVersion': '1.1' } }]),
    ]);
  const session = 'arn:aws:sts::999999999999:assumed-role/stranger/x';
  const strange = required
    .filter(({ resource }) => !/:table\/|^\*$/.test(resource))
    .map((check) => ({ ...check, principal: session, role: stranger }));
  const tenants = arnsOf('AWS::IAM::Role').filter((arn) =>
    policies.some(
      ({ kind, owner, document }) =>
        kind === 'trust' && owner === arn && JSON.stringify(document).includes('TagSession'),
    ),
  );
  const tagged = { 'aws:RequestTag/userId': ownUser, 'aws:TagKeys': ['userId'] };
  const api = { principal: sessionOf(lookalike, 'x'), role: lookalike };
  return [
    ...insecure,
    ...strange,
    // A user's data key is unwrapped by tenants alone, whatever the account allows its administrators.
    ...required
      .filter(({ action, context }) => action === 'kms:Decrypt' && purposeKey in context)
      .map((check) => ({ ...check, principal: sessionOf(administrator, 'x'), role: administrator })),
    ...tenants.flatMap((resource) => [
      { ...api, action: 'sts:AssumeRole', resource, context: {} },
      { ...api, action: 'sts:SetSourceIdentity', resource, context: tagged },
      {
        principal: sessionOf(administrator, 'x'),
        role: administrator,
        action: 'sts:AssumeRole',
        resource,
        context: tagged,
      },
    ]),
    // Whoever may be any user may not be one without a name.
    ...required
      .filter(({ context }) => 'aws:RequestTag/userId' in context)
      .map((check) => ({ ...check, context: { ...check.context, 'aws:RequestTag/userId': '' } })),
    // Another service that somebody has in their hands.
    ...required
      .filter(({ principal }) => principal.endsWith('.amazonaws.com'))
      .map((check) => ({ ...check, principal: 'ec2.amazonaws.com' })),
    // A service that acts for another account.
    ...required
      .filter(({ principal }) => principal === 'cloudwatch.amazonaws.com')
      .flatMap((check) => [{}, { 'aws:SourceAccount': '999999999999' }].map((context) => ({ ...check, context }))),
    ...byAdministrator
      .filter(({ action }) => action === 'elasticfilesystem:ClientMount')
      .flatMap((check) => [
        { ...check, context: {} },
        { ...check, action: 'elasticfilesystem:ClientRootAccess' },
      ]),
  ];
}

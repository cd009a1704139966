import { runSimulation } from '@cloud-copilot/iam-simulate';
import { localAccountId, localRegion } from '../wire/index.ts';
import { listOf, readPolicyDocument, type Policy, type PolicyDocument, type Statement } from './policy-document.ts';
import { denialMessage, nearStatements } from './denial.ts';

/** Who asks. */
export interface Caller {
  /** `arn:aws:sts::…:assumed-role/<role>/<session>`, or a service such as `events.amazonaws.com`. */
  arn: string;
  /** The role behind the session; absent for services. */
  roleArn?: string | undefined;
  /** `aws:userid`: the role's id and the session's name. */
  userId?: string | undefined;
  /** Session tags. */
  tags: Readonly<Record<string, string>>;
  /** Narrows what the role allows (AssumeRole's `Policy`), as JSON. */
  sessionPolicy?: string | undefined;
}

interface Question {
  caller: Caller;
  action: string;
  resource: string;
  context: Readonly<Record<string, string | string[]>>;
}

export interface Decision {
  effect: 'allow' | 'explicit deny' | 'implicit deny';
  /** AWS's sentence; empty when allowed. */
  message: string;
  /** What we can say beyond it: statements that would fit but for a condition. */
  near: string[];
}

export interface Evaluator {
  evaluate(question: Question): Promise<Decision>;
}

const keptAllows = 20_000;
const allowed: Decision = { effect: 'allow', message: '', near: [] };

/** Decides by the given policies and nothing else: who has none may nothing. */
export function createEvaluator(policies: readonly Policy[]): Evaluator {
  const identity = groupBy(policies.filter(({ kind }) => kind === 'identity'));
  const resource = groupBy(policies.filter(({ kind }) => kind !== 'identity'));
  const relevantKeys = conditionKeysOf(policies);
  // Denials are rare, and each names what it denies: only what is allowed is remembered.
  const allows = new Set<string>();

  async function decide({ caller, action, resource: arn, context }: Question): Promise<Decision> {
    if (/[*?]/.test(arn) && arn !== '*')
      return { effect: 'implicit deny', message: `The resource ${arn} is a pattern.`, near: [] };
    const role = caller.roleArn === undefined ? undefined : (identity.get(caller.roleArn) ?? []);
    // A trust policy is asked who takes on the role, and nothing about the role itself.
    const owned = resource
      .get(ownerOf(arn))
      ?.filter(({ kind }) => kind !== 'trust' || action.toLowerCase().startsWith('sts:'));
    const outcome = await simulate({
      caller,
      action,
      arn,
      context: rewriteContext({ ...globalContext(caller), ...context }),
      identityPolicies: role ?? [],
      resourcePolicy: owned?.length ? merge(owned) : undefined,
    });
    if (outcome.effect !== 'allow' || caller.sessionPolicy === undefined) return outcome;
    const narrowed = await simulate({
      caller,
      action,
      arn,
      context: rewriteContext({ ...globalContext(caller), ...context }),
      identityPolicies: [sessionPolicyOf(caller.sessionPolicy)],
      resourcePolicy: owned?.length ? merge(owned) : undefined,
    });
    if (narrowed.effect === 'allow') return allowed;
    return { ...narrowed, message: narrowed.message.replaceAll('identity-based policy', 'session policy') };
  }

  return {
    async evaluate(question) {
      const key = cacheKey(question, relevantKeys);
      if (allows.has(key)) return allowed;
      const made = await decide(question);
      if (made.effect !== 'allow') return made;
      if (allows.size >= keptAllows) allows.clear();
      allows.add(key);
      return made;
    },
  };
}

interface SimulationInput {
  caller: Caller;
  action: string;
  arn: string;
  context: Record<string, string | string[]>;
  identityPolicies: readonly Policy[];
  resourcePolicy: PolicyDocument | undefined;
}

async function simulate(input: SimulationInput): Promise<Decision> {
  const { caller, action, arn, context, identityPolicies, resourcePolicy } = input;
  const outcome = await runSimulation(
    {
      request: {
        principal: caller.arn,
        action,
        resource: { resource: arn, accountId: localAccountId },
        contextVariables: context,
      },
      identityPolicies: identityPolicies.map(({ source, document }) => ({
        name: source,
        policy: rewriteDocument(document),
      })),
      ...(resourcePolicy && { resourcePolicy: rewriteDocument(resourcePolicy) }),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (outcome.resultType === 'error')
    return {
      effect: 'implicit deny',
      message: `${action} on ${arn}: ${JSON.stringify(outcome.errors)}`,
      near: [],
    };
  if (outcome.overallResult === 'Allowed') return allowed;
  const analyses = outcome.resultType === 'single' ? [outcome.result.analysis] : outcome.results.map((r) => r.analysis);
  return {
    effect: outcome.overallResult === 'ExplicitlyDenied' ? 'explicit deny' : 'implicit deny',
    message: denialMessage({ caller: caller.arn, action, resource: arn, analysis: analyses[0] }),
    near: analyses.flatMap((analysis) => nearStatements(analysis)),
  };
}

/** What AWS knows of every request. On loopback there is no TLS, where in AWS there always is. */
function globalContext({ roleArn, userId, tags }: Caller): Record<string, string> {
  return {
    'aws:SecureTransport': 'true',
    'aws:RequestedRegion': localRegion,
    ...(roleArn !== undefined && { 'aws:PrincipalArn': roleArn, 'aws:PrincipalAccount': localAccountId }),
    ...(userId !== undefined && { 'aws:userid': userId }),
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value])),
  };
}

/** The policies of an index are its table's, those of an object its bucket's. */
function ownerOf(arn: string): string {
  if (arn.startsWith('arn:aws:s3:::')) return arn.replace(/\/.*$/, '');
  return arn.replace(/^(arn:aws:dynamodb:[^/]*:table\/[^/]+)\/.*$/, '$1');
}

function groupBy(policies: readonly Policy[]): Map<string, Policy[]> {
  return Map.groupBy(policies, ({ owner }) => owner);
}

function merge(policies: readonly Policy[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: policies.flatMap(({ document }) => document.Statement) };
}

function sessionPolicyOf(text: string): Policy {
  return { source: 'session policy', kind: 'identity', owner: '', document: readPolicyDocument(JSON.parse(text)) };
}

const encryptionContext = /^kms:EncryptionContext:/i;
const rewritten = 'aws:RequestTag/kms-context-';

/** iam-simulate 0.1.173 loses the key behind `kms:EncryptionContext:`; as a request tag it arrives. */
function rewriteKey(key: string): string {
  return key.replace(encryptionContext, rewritten);
}

function rewriteContext(context: Readonly<Record<string, string | string[]>>): Record<string, string | string[]> {
  return Object.fromEntries(Object.entries(context).map(([key, value]) => [rewriteKey(key), value]));
}

function rewriteDocument(document: PolicyDocument): PolicyDocument {
  return { ...document, Statement: document.Statement.map(rewriteStatement) };
}

function rewriteStatement(statement: Statement): Statement {
  if (!statement.Condition) return statement;
  const Condition = Object.fromEntries(
    Object.entries(statement.Condition).map(([operator, tests]) => [
      operator,
      Object.fromEntries(Object.entries(tests).map(([key, values]) => [rewriteKey(key), values])),
    ]),
  );
  return { ...statement, Condition };
}

/** Only what some policy asks for can change a decision: nothing else tells two questions apart. */
export function conditionKeysOf(policies: readonly Policy[]): Set<string> {
  const keys = policies.flatMap(({ document }) =>
    document.Statement.flatMap((statement) => [
      ...Object.values(statement.Condition ?? {}).flatMap((tests) => Object.keys(tests)),
      ...[...JSON.stringify([statement.Condition, listOf(statement.Resource)]).matchAll(/\$\{([^},]+)[^}]*\}/g)].map(
        ([, variable = '']) => variable,
      ),
    ]),
  );
  return new Set(keys.map((key) => key.toLowerCase()));
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function cacheKey({ caller, action, resource, context }: Question, relevant: ReadonlySet<string>): string {
  const told = caller.sessionPolicy === undefined ? (key: string) => relevant.has(key.toLowerCase()) : () => true;
  const facts = Object.entries(context)
    .filter(([key]) => told(key))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const { arn, roleArn, tags, sessionPolicy } = caller;
  const key = JSON.stringify([arn, roleArn, tags, sessionPolicy, action, resource, facts]);
  // No policy names a user: what one may with their own id, every other may with theirs.
  return Object.entries(tags).reduce(
    (text, [name, value]) => (uuid.test(value) ? text.replaceAll(value, `<${name}>`) : text),
    key,
  );
}

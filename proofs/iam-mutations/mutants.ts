import type { Policy, Statement } from '@top-active/cloud/iam';

export const changes = ['deleted', 'any action', 'any resource', 'no conditions', 'any principal'] as const;
type Change = (typeof changes)[number];

/** A policy with one statement changed. */
export interface Mutant {
  change: Change;
  policy: Policy;
  statement: Statement;
  mutated: Policy;
  /** Why the change changes nothing, where it doesn't. */
  equivalent?: string | undefined;
}

/** Every change of every statement; policies of AWS are not ours to change. */
export function mutantsOf(policies: readonly Policy[]): Mutant[] {
  return policies
    .filter(({ source }) => !source.startsWith('arn:aws:iam::aws:'))
    .flatMap((policy) =>
      policy.document.Statement.flatMap((statement, index) =>
        changes.flatMap((change) =>
          mutate({ policy, statement, index, change, twins: twinsOf(policy, statement, policies) }),
        ),
      ),
    );
}

function mutate({
  policy,
  statement,
  index,
  change,
  twins,
}: {
  policy: Policy;
  statement: Statement;
  index: number;
  change: Change;
  /** How many other statements on the same thing say exactly the same. */
  twins: number;
}): Mutant[] {
  const changed = changedStatement(statement, change);
  if (changed === undefined) return [];
  const Statement = policy.document.Statement.toSpliced(index, 1, ...(changed === 'none' ? [] : [changed]));
  const mutated = { ...policy, document: { ...policy.document, Statement } };
  return [
    { change, policy, statement, mutated, equivalent: reasonOfEquivalence({ policy, statement, change, twins }) },
  ];
}

/** Undefined where the statement is that wide already, or has nothing of the kind. */
function changedStatement(statement: Statement, change: Change): Statement | 'none' | undefined {
  switch (change) {
    case 'deleted':
      return 'none';
    case 'any action':
      return isAll(statement.Action) ? undefined : { ...statement, Action: '*' };
    case 'any resource':
      return statement.Resource === undefined || isAll(statement.Resource)
        ? undefined
        : { ...statement, Resource: '*' };
    case 'no conditions': {
      const { Condition, ...rest } = statement;
      return Condition ? rest : undefined;
    }
    case 'any principal': {
      const { Principal } = statement;
      if (Principal === undefined || Principal === '*' || isAll(Object.values(Object(Principal)).flat().map(String)))
        return undefined;
      return { ...statement, Principal: '*' };
    }
  }
  return undefined;
}

function isAll(value: string | string[] | undefined): boolean {
  return value === '*' || (Array.isArray(value) && value.length === 1 && value[0] === '*');
}

/** Without its name. */
function textOf(statement: Statement): string {
  return JSON.stringify({ ...statement, Sid: undefined });
}

function twinsOf(policy: Policy, statement: Statement, policies: readonly Policy[]): number {
  const others = policies
    .filter(({ kind, owner }) => kind === policy.kind && owner === policy.owner)
    .flatMap(({ document }) => document.Statement)
    .filter((other) => other !== statement);
  return others.filter((other) => textOf(other) === textOf(statement)).length;
}

/** Why a change that nothing notices changes nothing; undefined where it should have been noticed. */
function reasonOfEquivalence({
  policy: { kind, owner },
  statement,
  change,
  twins,
}: {
  policy: Policy;
  statement: Statement;
  change: Change;
  twins: number;
}): string | undefined {
  if (change === 'deleted') return twins > 0 ? 'another statement says the same' : undefined;
  const conditions = JSON.stringify(statement.Condition ?? {});
  if (kind === 'identity')
    return change === 'any action' && conditions.includes('elasticfilesystem:AccessPointArn')
      ? 'only mounting, writing and root access come through an access point, and the file system refuses root'
      : undefined;
  if (change === 'any resource') return 'a policy on a resource is about that resource';
  if (change !== 'any action') return undefined;
  const service = owner.split(':')[2] ?? '';
  if ([statement.Action].flat().join() === `${service}:*`) return 'all actions on the resource are meant already';
  return statement.Effect === 'Deny' && conditions.includes('"aws:SecureTransport":"false"')
    ? 'nothing else comes without TLS'
    : undefined;
}

import type { RequestAnalysis } from '@cloud-copilot/iam-simulate';

interface Denied {
  caller: string;
  action: string;
  resource: string;
  analysis: RequestAnalysis | undefined;
}

/** AWS's sentence. https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
export function denialMessage({ caller, action, resource, analysis }: Denied): string {
  return `User: ${caller} is not authorized to perform: ${action} on resource: ${resource} ${reason(action, analysis)}`;
}

function reason(action: string, analysis: RequestAnalysis | undefined): string {
  if (analysis?.resourceAnalysis?.result === 'ExplicitlyDenied')
    return 'with an explicit deny in a resource-based policy';
  if (analysis?.identityAnalysis?.result === 'ExplicitlyDenied')
    return 'with an explicit deny in an identity-based policy';
  // Where identity allows, it was the resource (a key or a role that trusts nobody it was asked by).
  const missing = analysis?.identityAnalysis?.result === 'Allowed' ? 'resource-based' : 'identity-based';
  return `because no ${missing} policy allows the ${action} action`;
}

type StatementFacts = NonNullable<RequestAnalysis['identityAnalysis']>['unmatchedStatements'][number];

/** Statements that name action and resource, and what they lacked: one line each. */
export function nearStatements({ identityAnalysis, resourceAnalysis }: RequestAnalysis): string[] {
  const decisive = [...(identityAnalysis?.denyStatements ?? []), ...(resourceAnalysis?.denyStatements ?? [])];
  const unmatched = [
    ...(identityAnalysis?.unmatchedStatements ?? []),
    ...(resourceAnalysis?.unmatchedStatements ?? []),
  ];
  const near = unmatched.filter(
    ({ actionMatch, resourceMatch, statement }) => actionMatch && resourceMatch && statement.effect() === 'Allow',
  );
  return [
    ...decisive.map((facts) => `${place(facts)} denies it`),
    ...near.map((facts) => `${place(facts)} would allow it, but for ${lacking(facts)}`),
  ];
}

function place({ policyId, statement }: StatementFacts): string {
  return `Statement ${statement.sid() ?? statement.index()} of ${policyId ?? 'the resource policy'}`;
}

function lacking({ principalMatch, explain }: StatementFacts): string {
  if (principalMatch === 'NoMatch') return 'its principal';
  const failed = (explain.conditions ?? []).filter(({ matches }) => !matches);
  return failed.map(({ operator, conditionKeyValue }) => `${operator} of ${conditionKeyValue}`).join(' and ');
}

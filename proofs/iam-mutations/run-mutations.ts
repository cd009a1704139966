import { createEvaluator, type Deployment, type Evaluator, type Policy } from '@top-active/cloud/iam';
import { callerOf, describeCheck, type Check } from './check.ts';
import { forbiddenAccesses, lookalike, stranger } from './forbidden-accesses.ts';
import { mutantsOf, type Mutant } from './mutants.ts';
import { administrator, platformAccesses } from './platform-accesses.ts';

export interface MutationReport {
  checks: { required: number; forbidden: number };
  killed: Mutant[];
  survived: Mutant[];
  equivalent: Mutant[];
}

/** Whoever may do anything by their own policy: what is left to decide is what resources say. */
const almighty: Policy[] = [administrator, stranger, lookalike].map((owner) => ({
  source: 'almighty',
  kind: 'identity',
  owner,
  document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
}));

/**
 * Changes every statement of every policy, one at a time, and asks whether any check notices.
 * @param recorded accesses that a run of the product was allowed
 * @param only which mutants to try; all by default
 * @throws Error naming each check that fails before anything is changed
 */
export async function runMutations({
  deployment,
  recorded,
  only = () => true,
}: {
  deployment: Deployment;
  recorded: readonly Check[];
  only?: (mutant: Mutant) => boolean;
}): Promise<MutationReport> {
  const required = [...recorded, ...platformAccesses(deployment)];
  const forbidden = forbiddenAccesses(required, deployment);
  const policies = [...deployment.policies, ...almighty];
  await assertUnchanged(createEvaluator(policies), { required, forbidden });

  const report: MutationReport = {
    checks: { required: required.length, forbidden: forbidden.length },
    killed: [],
    survived: [],
    equivalent: [],
  };
  for (const mutant of mutantsOf(deployment.policies).filter(only)) {
    const noticed = await isNoticed(mutant, { policies, required, forbidden });
    if (noticed) report.killed.push(mutant);
    else if (mutant.equivalent !== undefined) report.equivalent.push(mutant);
    else report.survived.push(mutant);
  }
  return report;
}

async function assertUnchanged(
  evaluator: Evaluator,
  { required, forbidden }: { required: readonly Check[]; forbidden: readonly Check[] },
): Promise<void> {
  const wrong: string[] = [];
  for (const check of required)
    if (!(await isAllowed(evaluator, check))) wrong.push(`must be allowed, and is denied: ${describeCheck(check)}`);
  for (const check of forbidden)
    if (await isAllowed(evaluator, check)) wrong.push(`must be denied, and is allowed: ${describeCheck(check)}`);
  if (wrong.length > 0)
    throw new Error(
      `The policies as they are fail ${wrong.length} checks. What is denied may be outdated: npm run prove -- iam-mutations --record\n${wrong.join('\n')}`,
    );
}

async function isNoticed(
  { policy, mutated }: Mutant,
  {
    policies,
    required,
    forbidden,
  }: { policies: readonly Policy[]; required: readonly Check[]; forbidden: readonly Check[] },
): Promise<boolean> {
  const evaluator = createEvaluator(policies.map((one) => (one === policy ? mutated : one)));
  const concerned = concerns(policy);
  for (const check of required.filter(concerned)) if (!(await isAllowed(evaluator, check))) return true;
  for (const check of forbidden.filter(concerned)) if (await isAllowed(evaluator, check)) return true;
  return false;
}

/** Only these can be decided otherwise by a change of the policy. */
function concerns({ kind, owner }: Policy): (check: Check) => boolean {
  if (kind === 'identity') return ({ role }) => role === owner;
  return ({ resource }) => resource === owner || resource.startsWith(`${owner}/`);
}

async function isAllowed(evaluator: Evaluator, check: Check): Promise<boolean> {
  const { action, resource, context } = check;
  const { effect, message } = await evaluator.evaluate({ caller: callerOf(check), action, resource, context });
  // A question that IAM can't even be asked would be denied for ever, and prove nothing.
  if (/"message":"invalid/.test(message)) throw new Error(`No question for IAM: ${describeCheck(check)}: ${message}`);
  return effect === 'allow';
}

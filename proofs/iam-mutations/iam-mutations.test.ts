import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Deployment } from '@top-active/cloud/iam';
import type { Check } from './check.ts';
import { mutantsOf, type Mutant } from './mutants.ts';
import { readPoliciesToMutate } from './read-policies-to-mutate.ts';
import { readRecorded, recordedFile } from './recorded.ts';
import { runMutations } from './run-mutations.ts';

let deployment: Deployment;
let recorded: Check[];
beforeAll(async () => {
  deployment = await readPoliciesToMutate();
  recorded = readRecorded(readFileSync(recordedFile, 'utf8'));
});

const named = ({ change, policy, statement }: Mutant) => `${change}: ${policy.source} ${JSON.stringify(statement)}`;

describe('a change of a policy', () => {
  it.each([
    ['of the tenant roles', /TenantRole|TenantSecretsRole/],
    ['of the session host', /TaskRole/],
    ['of keys', /Key/],
    ['of the topic of alarms', /Topic|Alarms/],
    ['of who may start a function', /Permission/],
  ])('%s is noticed, whichever statement it changes', async (_, source) => {
    const only = ({ policy }: Mutant) => source.test(policy.source);
    const { killed, survived } = await runMutations({ deployment, recorded, only });
    expect(survived.map(named)).toEqual([]);
    expect(killed.length).toBeGreaterThan(5);
  });

  it('is tried on every policy of the deployment', () => {
    const sources = new Set(mutantsOf(deployment.policies).map(({ policy }) => policy.source));
    expect([...sources].toSorted()).toEqual([...new Set(deployment.policies.map(({ source }) => source))].toSorted());
  });
});

describe('the policies as they are', () => {
  it('are named where they grant too much or too little', async () => {
    const policy = deployment.policies.find(({ kind, source }) => kind === 'identity' && source.includes('Tenant'));
    if (!policy) throw new Error('There is no tenant policy');
    const wide = { Effect: 'Allow' as const, Action: 'dynamodb:*', Resource: '*' };
    const tooWide = { ...policy, document: { ...policy.document, Statement: [...policy.document.Statement, wide] } };
    const policies = deployment.policies.map((one) => (one === policy ? tooWide : one));
    await expect(
      runMutations({ deployment: { ...deployment, policies }, recorded, only: () => false }),
    ).rejects.toThrow(/must be denied, and is allowed: dynamodb:/);
    const narrow = deployment.policies.filter((one) => one !== policy);
    await expect(
      runMutations({ deployment: { ...deployment, policies: narrow }, recorded, only: () => false }),
    ).rejects.toThrow(/must be allowed, and is denied: /);
  });
});

import { GetServiceQuotaCommand, type ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { Environment } from '@top-active/infra/config';
import { fail, ok, type Check, type Finding } from '../finding.ts';

interface Quota {
  title: string;
  service: string;
  code: string;
  /** What the environment needs at least, and for what. */
  needed: (environment: Environment) => { amount: number; why: string };
}

const quotas: readonly Quota[] = [
  {
    title: 'Quota of Fargate vCPUs',
    service: 'fargate',
    code: 'L-3032A538',
    // A new version starts beside what runs.
    needed: ({ hosts }) => ({
      amount: ((hosts.max + 1) * hosts.cpu) / 1024,
      why: `${hosts.max} session hosts, and one more while a new version takes over`,
    }),
  },
  {
    title: 'Quota of Lambda executions',
    service: 'lambda',
    code: 'L-B99A9384',
    // New accounts have ten. The assistant alone may take fifty.
    needed: () => ({ amount: 100, why: 'the assistant’s 50, and the API beside it' }),
  },
];

/** Of the account in the environment's region; one check for each. */
export function quotasCheck(client: ServiceQuotasClient, environment: Environment): Check[] {
  return quotas.map(({ title, service, code, needed }) => ({
    title,
    async look() {
      const { Quota } = await client.send(new GetServiceQuotaCommand({ ServiceCode: service, QuotaCode: code }));
      return judgeQuota({ allowed: Quota?.Value, ...needed(environment) });
    },
  }));
}

export function judgeQuota({
  allowed,
  amount,
  why,
}: {
  allowed: number | undefined;
  amount: number;
  why: string;
}): Finding {
  if (allowed !== undefined && allowed >= amount) return ok(`${allowed}, needed ${amount}`);
  return fail(
    `${allowed ?? 'unknown'}, needed ${amount} for ${why}`,
    'Request an increase in the Service Quotas console; it takes minutes to days.',
  );
}

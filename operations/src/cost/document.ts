import { readEnvironment } from '@top-active/infra/config';
import { synthesize } from '@top-active/infra/test-support/synthesize';
import { readDeployed, type Deployed } from './deployed.ts';
import { estimate, monthlyUsage, type Estimate, type MonthlyUsage } from './estimate.ts';
import { readFlows } from './flows.ts';
import { readPrices, regions, type Region } from './prices.ts';
import {
  assumptionsMarkdown,
  flowsMarkdown,
  loadMarkdown,
  pricesMarkdown,
  reportMarkdown,
  topLines,
} from './report.ts';
import { workloadSchema, type Workload } from './workload.ts';

export type Stage = 'dev' | 'prod';

const sizes = [10, 100, 1000];

/** Estimates for each number of users, from the templates, the counted flows and the prices of today. */
export function estimateFor({
  deployed,
  region,
  workload,
  users,
}: {
  deployed: Deployed;
  region: Region;
  workload: Workload;
  users: readonly number[];
}): Estimate[] {
  const [flows, prices] = [readFlows(), readPrices()];
  return users.map((count) => estimate({ deployed, flows, prices, region, workload: { ...workload, users: count } }));
}

export function readStage(stage: Stage): Deployed {
  return readDeployed(synthesize(stage));
}

/** docs/operations/cost.md: what `npm run ops -- cost --write` writes, and what its test compares with. */
export function costDocument(): string {
  const stage = 'prod';
  const deployed = readStage(stage);
  const workload = workloadSchema.parse({});
  const [prices, flows] = [readPrices(), readFlows()];
  const { hosts } = readEnvironment(stage);
  const perRegion = regions.map((region) => ({
    region,
    estimates: estimateFor({ deployed, region, workload, users: sizes }),
  }));
  const checkpoints = [20, 100, 1000].map((kilobytes) => {
    const [one] = estimateFor({
      deployed,
      region: 'sa-east-1',
      workload: { ...workload, 'checkpoint-kb': kilobytes },
      users: [100],
    });
    return `${kilobytes} kB: ${Math.round(one?.total ?? 0)} US dollars`;
  });
  const halved = { ...deployed, task: { ...deployed.task, vcpu: deployed.task.vcpu / 2 } };
  const [fewerProcessors] = estimateFor({ deployed: halved, region: 'sa-east-1', workload, users: [100] });
  return `# Cost

<!-- Written by \`npm run ops -- cost --write\`; a test compares it with the templates, the counted requests and the prices. -->

This page estimates what the operator pays AWS per month. It rests on the templates of \`${stage}\`, on the requests per message that the embedded cloud counted on ${flows.measuredAt}, and on list prices as of
${prices.asOf}. Free tiers and taxes are left out. OpenAI bills tokens to each user's own key, so they are left out too. No figure was compared with a bill.

${perRegion.map(({ region, estimates }) => `## ${region}\n\n${reportMarkdown(estimates)}\n\nThe largest items at 100 users:\n\n${topLinesAt(estimates, 100)}`).join('\n\n')}

## What the cost depends on most

- **Sessions per host.** A task of ${deployed.task.memoryGb} GB is assumed to hold ${deployed.task.maxSessions} sessions (\`hosts.maxSessions\`), so ${Math.round((deployed.task.memoryGb * 1024) / deployed.task.maxSessions)} MB each. The [benchmark](../benchmark.md) measured 57 MB per session,
  with ten sessions on the simulated WhatsApp. Measure the real page before you raise the number. \`hosts.max\` is ${hosts.max}: figures that need more tasks are a calculation only.
- **Processors.** Fargate sells memory together with processors: a task has ${deployed.task.vcpu} vCPUs. With half as many (\`hosts.cpu\`, if Fargate offers it with that memory), 100 users in
  sa-east-1 cost ${Math.round(fewerProcessors?.total ?? 0)} US dollars. How much processor time a linked session needs was never measured on the real page.
- **Checkpoints.** A checkpoint writes what has changed. How much changes in the real WhatsApp Web was never measured here; the benchmark measured the simulated one. By average size of a checkpoint, 100 users in sa-east-1 cost
  ${checkpoints.join(', ')}. A session without messages is assumed to write no checkpoint. If WhatsApp changes its state by itself, the host saves it once a minute at most.
- **Free tiers** lower a small bill further: the first 10,000 active users of Cognito, 1 TB of CloudFront, 1 million function calls, 5 GB of logs, ten alarms, and others.

## Assumptions

Each is an option of \`npm run ops -- cost\`.

${assumptionsMarkdown(workload)}

## Requests per flow

The embedded cloud counted them with one linked user; \`npm run prove -- cost-flows\` counts again. The chat had a few dozen messages. Reading a full page of messages
costs up to four read units more. A longer history changes nothing else: \`proofs/cost-flows/history.test.ts\` tests that from 10 to 1,000 messages, and to 100,000 with \`HISTORY_MESSAGES=100000\`.

${flowsMarkdown(flows)}

## Load

These figures follow from the assumptions above. The busiest hour is assumed to hold 15 % of a day.

${loadMarkdown(usageOfOneMore({ deployed, flows, workload }), [1000, 10_000, 100_000])}

## Prices

${prices.note}

${pricesMarkdown(prices)}
`;
}

/** What one more user asks for in a month, without what happens for nobody. */
function usageOfOneMore(input: Parameters<typeof monthlyUsage>[0]): MonthlyUsage {
  const [two, one] = [2, 1].map((users) => monthlyUsage({ ...input, workload: { ...input.workload, users } }));
  return { sum: (service, amount) => (two?.sum(service, amount) ?? 0) - (one?.sum(service, amount) ?? 0) };
}

function topLinesAt(estimates: readonly Estimate[], users: number): string {
  const found = estimates.find(({ workload }) => workload.users === users);
  return found ? topLines(found) : '';
}

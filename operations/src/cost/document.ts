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

What a month costs the operator, by the templates of \`${stage}\`, the requests per message that the embedded cloud counted on ${flows.measuredAt}, and list prices as of
${prices.asOf}. No free tier is taken off and no tax added. Tokens are billed by OpenAI to each user's own key and are not in here. Nothing of this was compared with a bill.

${perRegion.map(({ region, estimates }) => `## ${region}\n\n${reportMarkdown(estimates)}\n\nWhere the money goes at 100 users:\n\n${topLinesAt(estimates, 100)}`).join('\n\n')}

## What it hangs on

- **Sessions per host.** A task of ${deployed.task.memoryGb} GB is taken to hold ${deployed.task.maxSessions} sessions (\`hosts.maxSessions\`), ${Math.round((deployed.task.memoryGb * 1024) / deployed.task.maxSessions)} MB each. The
  benchmark measures 57 MB per session on the simulated WhatsApp; what the real page takes must be measured before the number is raised. \`hosts.max\` is ${hosts.max}:
  what is more than that is a calculation, not a configuration.
- **Processors.** Fargate sells memory with processors: a task has ${deployed.task.vcpu} of them. With half as many (\`hosts.cpu\`, where Fargate offers it with that memory) 100 users in
  sa-east-1 come to ${Math.round(fewerProcessors?.total ?? 0)} US dollars. What linked sessions need was never measured on the real page.
- **Checkpoints.** Each writes what has changed; how much that is in the real WhatsApp Web nobody has measured here ([benchmark](../benchmark.md) with the simulated one). At 100 users in sa-east-1 the month comes to
  ${checkpoints.join(', ')}. A session without messages is taken to write none, though WhatsApp may change its state by itself: then the host saves it every minute at most.
- **Free tiers** (the first 10,000 active users of Cognito, 1 TB of CloudFront, 1 million functions, 5 GB of logs, ten alarms, and so on) lower a small bill further.

## Assumptions

Each is an option of \`npm run ops -- cost\`.

${assumptionsMarkdown(workload)}

## Requests per flow

Counted by the embedded cloud with one linked user (\`npm run prove -- cost-flows\` counts anew). Reads of a page of messages are counted with a chat of a few dozen messages; a full page
costs up to four read units more, and no history, however long, changes anything else: \`proofs/cost-flows/history.test.ts\` holds that from 10 to 10,000 messages, and to 100,000 with \`HISTORY_MESSAGES=100000\`.

${flowsMarkdown(flows)}

## Load

By the assumptions above; the busiest hour is taken to hold 15 % of a day.

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

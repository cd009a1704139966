import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { synthesize } from '@top-active/infra/test-support/synthesize';
import { readDeployed } from './deployed.ts';
import { costDocument, estimateFor } from './document.ts';
import { flowsPerMonth } from './estimate.ts';
import { readPrices } from './prices.ts';
import { workloadSchema } from './workload.ts';

const workload = workloadSchema.parse({});
const prod = readDeployed(synthesize('prod'));

function at(options: Partial<typeof workload>, deployed = prod) {
  const [one] = estimateFor({
    deployed,
    region: 'sa-east-1',
    workload: { ...workload, ...options },
    users: [options.users ?? 100],
  });
  if (!one) throw new Error('no estimate');
  const usd = (group: string, what: string) =>
    one.lines.find((line) => line.group === group && line.what === what)?.usd ?? 0;
  return { ...one, usd };
}

describe('what the templates tell', () => {
  it('has a rule for every type of resource', () => {
    const remedy = 'Add the type to operations/src/cost/deployed.ts: with a price, or to what costs nothing by itself.';
    for (const stage of ['dev', 'prod'] as const) expect(readDeployed(synthesize(stage)).unknown, remedy).toEqual([]);
  });

  it('follows the settings of an environment', () => {
    const nat = readDeployed(synthesize('prod', { network: { hosts: 'nat', natGateways: 2, flowLogs: true } }));
    expect([prod.natGateways, nat.natGateways]).toEqual([0, 2]);
    expect([prod.task.publicIp, nat.task.publicIp]).toEqual([true, false]);
    expect(at({}, nat).usd('Network', 'NAT gateways')).toBeGreaterThan(100);
    const small = readDeployed(
      synthesize('prod', { hosts: { min: 1, max: 1, cpu: 1024, memoryMiB: 4096, maxSessions: 10 } }),
    );
    expect(small.task).toMatchObject({ vcpu: 1, memoryGb: 4, maxSessions: 10 });
  });
});

describe('prices', () => {
  it('name the page of the provider where they can be checked', () => {
    for (const [id, { source }] of Object.entries(readPrices().prices))
      expect(new URL(source).hostname, id).toBe('aws.amazon.com');
  });
});

describe('the estimate', () => {
  it('counts every message of a user once', () => {
    const perDay = flowsPerMonth({ ...workload, users: 1 });
    const {
      messageIn = 0,
      messageInAppOpen = 0,
      messageInWithSuggestion = 0,
      acceptWithBooking = 0,
      ownerSend = 0,
    } = perDay;
    const messages = messageIn + messageInAppOpen + messageInWithSuggestion + acceptWithBooking + ownerSend;
    expect(messages).toBeCloseTo((workload.messages * 365) / 12);
  });

  it('pays for messages by their number, and for hosts by their sessions', () => {
    const [one, two] = [at({ messages: 100 }), at({ messages: 200 })];
    const changed = 'written, what changed';
    expect(two.usd('Checkpoints', changed)).toBeCloseTo(2 * one.usd('Checkpoints', changed));
    expect(two.usd('Checkpoints', 'written, whole')).toBe(one.usd('Checkpoints', 'written, whole'));
    expect(two.usd('Database', 'writes')).toBeGreaterThan(1.5 * one.usd('Database', 'writes'));
    expect(two.usd('Session hosts', 'memory')).toBe(one.usd('Session hosts', 'memory'));
    expect(at({ users: 2 * prod.task.maxSessions + 1 }).tasks).toBe(3);
    expect(at({ linked: 0 }).usd('Checkpoints', changed)).toBe(0);
  });

  it('adds up to what its lines say', () => {
    const { lines, total } = at({});
    expect(lines.reduce((sum, { usd }) => sum + usd, 0)).toBeCloseTo(total);
    for (const { usd, what } of lines) expect(usd, what).toBeGreaterThan(0);
  });
});

describe('docs/operations/cost.md', async () => {
  const written = await readFile(new URL('../../../docs/operations/cost.md', import.meta.url), 'utf8');
  const today = costDocument();
  const remedy = 'Write it anew: npm run ops -- cost --write';

  it('has the assumptions, counted requests and prices of today', () => {
    expect(dataOf(written), remedy).toBe(dataOf(today));
  });

  it('is within five percent of what the templates say today', () => {
    const [before, now] = [totalsOf(written), totalsOf(today)];
    expect(now).toHaveLength(6);
    expect(before, remedy).toHaveLength(now.length);
    for (const [index, total] of now.entries())
      expect(Math.abs((before[index] ?? 0) / total - 1), remedy).toBeLessThan(0.05);
  });
});

/** What doesn't depend on templates, without the spaces that align tables. */
function dataOf(markdown: string): string {
  return markdown
    .slice(markdown.indexOf('## Assumptions'))
    .replaceAll(/-{3,}/g, '---')
    .replaceAll(/[ \t]+/g, ' ');
}

/** US dollars per month, of each region and number of users. */
function totalsOf(markdown: string): number[] {
  const rows = markdown.split('\n').filter((line) => line.startsWith('| **total**'));
  return rows.flatMap((row) =>
    [...row.matchAll(/\*\*([\d,.]+)\*\*/g)].map(([, usd = '']) => Number(usd.replaceAll(',', ''))),
  );
}

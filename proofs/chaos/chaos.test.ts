import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createRandom, type FaultKind } from './faults.ts';
import { faultsOf } from './judge.ts';
import { runChaos } from './run-chaos.ts';

/** Each of these ends or hides what holds a session, but for the last, which keeps checkpoints from being written. */
const faults: readonly FaultKind[] = [
  'kill -9 browser',
  'kill -9 host',
  'cut from SQS',
  'SIGSTOP',
  'cut from DynamoDB',
  'full EFS',
];

/** The short version of `npm run prove -- chaos`, which also says how long each fault was felt. */
describe('three hosts that are struck six times while people write', () => {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }));

  it('lose nothing, double nothing, and ask nobody for a new code', { timeout: 420_000, retry: 0 }, async () => {
    const log: string[] = [];
    const verdict = await runChaos({
      dir: join(dir, 'stage'),
      faults,
      users: 4,
      hosts: 3,
      everyMs: 12_000,
      random: createRandom(1),
      onStep: (text) => log.push(text),
      onLog: (line) => void (/ERROR|WARN/.test(line) && log.push(line)),
    });
    expect(faultsOf(verdict), log.join('\n')).toEqual([]);
    expect(verdict).toMatchObject({ faults: faults.length });
    expect(verdict.messagesIn).toBeGreaterThan(20);
    expect(verdict.messagesOut).toBeGreaterThan(10);
    // One each at the beginning, and one more for each session that was struck: at least one for each fault that kills.
    expect(verdict.browsers).toBeGreaterThanOrEqual(4 + verdict.kills);
  });
});

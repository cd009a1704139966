import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { owner, startHostFixture, type HostFixture } from '../support/session-host-fixture.ts';

/** The host sends one message to the own chat of the operator's account, on pages whose keys differ. */
describe('self-test of a host', { timeout: 120_000 }, () => {
  let fixture: HostFixture;
  afterEach(() => fixture.close());

  const outcomes = () => fixture.logs.filter((line) => line.includes('"Self-test'));

  it.each(['2026-04', '2026-07'] as const)('passes on the page of %s, and says so', async (build) => {
    fixture = await startHostFixture({ isCanary: true, page: { build } });
    await fixture.link();
    await expect.poll(outcomes, { timeout: 45_000 }).toEqual([expect.stringContaining('Self-test passed')]);
    expect(await fixture.conversation(owner)).toEqual([expect.stringMatching(/^owner: Teste automático/)]);
  });

  it('writes to nobody with any other account', async () => {
    fixture = await startHostFixture();
    await fixture.link();
    await expect.poll(() => fixture.logs.some((line) => line.includes('page was'))).toBe(true);
    // With the operator's it is sent, and stored, at once.
    await delay(5_000);
    expect(outcomes()).toEqual([]);
    expect(await fixture.conversation(owner)).toEqual([]);
  });
});

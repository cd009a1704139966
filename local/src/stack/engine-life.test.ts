import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startEngineFixture, type EngineFixture } from './engine-fixture.ts';
import { owner } from './session-host-fixture.ts';

/** How a session ends, fails to send and gets its connection back: the engine before the simulated WhatsApp. */

let fixture: EngineFixture;

beforeAll(async () => {
  fixture = await startEngineFixture();
});
afterEach(() => {
  fixture.world.clearFaults();
  fixture.world.clearFaults(owner);
});
afterAll(() => fixture.close());

describe('unlinking', () => {
  it('13: ends once WhatsApp has confirmed it, which the library does not wait for', async () => {
    fixture.world.setFaults({ logoutMs: 1_500 }, owner);
    const linked = await fixture.link(await fixture.newHome());
    expect(await linked.session.logout()).toBe(true);
    expect(fixture.world.phone(owner).devices).toEqual([]);
    expect(linked.unhandled).toEqual([]);
  });

  it('13: says that the phone was not told when WhatsApp does not hear it, whatever the page believes', async () => {
    const linked = await fixture.link(await fixture.newHome(), { answerTimeoutMs: 500 });
    fixture.world.setFaults({ deadLink: true }, owner);
    expect(await linked.session.logout()).toBe(false);
    expect(fixture.world.phone(owner).devices).toHaveLength(1);
    fixture.world.unlinkDevices(owner);
  });

  it('13: says so too when the page takes too long over it', async () => {
    fixture.world.setFaults({ logoutMs: 60_000 }, owner);
    const linked = await fixture.link(await fixture.newHome(), { unlinkTimeoutMs: 500 });
    expect(await linked.session.logout()).toBe(false);
    expect(fixture.world.phone(owner).devices).toHaveLength(1);
    fixture.world.unlinkDevices(owner);
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import type { EngineEvent } from '../engine/engine.ts';
import { createTestSession, showCode, startsAtOnce } from './test-session.ts';

/** Disks of busy machines are slow. */
const ignore = () => undefined;

const soon = { timeout: 5_000, interval: 10 };

type TestSession = Awaited<ReturnType<typeof createTestSession>>;

const resumed = { generation: 1, interactive: false, status: { state: 'reconnecting' } } as const;
const clicked = { generation: 1, interactive: true, status: { state: 'starting' } } as const;

describe("a user's session", () => {
  let made: TestSession | undefined;
  afterEach(() => made?.close());

  async function make(options: Parameters<typeof createTestSession>[0]): Promise<TestSession> {
    made = await createTestSession(options);
    return made;
  }

  /** Links, saves two checkpoints and stops. */
  async function linkOnce({ session }: ReturnType<TestSession['onHost']>): Promise<void> {
    session.start(clicked);
    await expect.poll(() => session.checkpointAt, soon).toBeDefined();
    await session.stop();
  }

  it('keeps its checkpoints when WhatsApp shows a code for each of them, and comes back from them when it knows them again', async () => {
    const behaviours = [link('first'), showCode, showCode, link('again')];
    const { onHost, browsers } = await make({ behave: (n) => behaviours[n] ?? showCode });
    await linkOnce(onHost(1));
    const later = onHost(2);
    later.session.start(resumed);
    await expect.poll(() => later.session.isRunning, soon).toBe(false);
    expect(later.session.status).toEqual({ state: 'failed', failure: 'session_unknown' });
    expect(await later.checkpoints.exists()).toBe(true);
    behaviours.splice(browsers.length, 9, link('again'));
    const last = onHost(3);
    last.session.start(resumed);
    await expect.poll(() => last.session.status.state, soon).toBe('linked');
    expect(browsers.at(-1)?.restored).toBe('first');
    await last.session.stop();
  });

  it('links anew in an empty profile at a click, and keeps the former checkpoints until the first one of the new link', async () => {
    const behaviours = [link('first'), showCode, showCode];
    const { onHost, browsers, statuses } = await make({ behave: (n) => behaviours[n] ?? showCode });
    await linkOnce(onHost(1));
    const { session, checkpoints } = onHost(2);
    session.start(clicked);
    await expect.poll(() => session.status.state, soon).toBe('qr');
    expect(browsers.map(({ restored }) => restored)).toEqual([undefined, 'first', undefined]);
    browsers.at(-1)?.tell({ type: 'qr-idle' });
    await expect.poll(() => session.isRunning, soon).toBe(false);
    expect(statuses.at(-1)).toEqual({ state: 'qr_expired' });
    expect(await checkpoints.exists()).toBe(true);

    behaviours[4] = link('second');
    session.start({ ...clicked, generation: 2 });
    await expect.poll(() => session.status.state, soon).toBe('linked');
    await session.stop();
    const loaded = await onHost(3).checkpoints.loadNewest();
    expect(loaded?.snapshot.localStorage).toEqual({ me: 'second' });
    expect(await onHost(3).checkpoints.loadNewest({ below: loaded?.generation })).toBeUndefined();
  });

  it('forgets everything when the phone has removed the device', async () => {
    const { onHost } = await make({ behave: () => link('first') });
    await linkOnce(onHost(1));
    const { session, checkpoints } = onHost(2);
    session.start(resumed);
    await expect.poll(() => session.status.state, soon).toBe('linked');
    made?.browsers.at(-1)?.tell({ type: 'logged-out' });
    await expect.poll(() => session.isRunning, soon).toBe(false);
    expect(session.status).toEqual({ state: 'logged_out' });
    expect(await checkpoints.exists()).toBe(false);
  });

  it('opens nothing that a newer Chromium has saved, and says so; a host that has it goes on', async () => {
    const { onHost, browsers, errors } = await make({ behave: () => link('first') });
    await linkOnce(onHost(1, '157.0.1.1'));
    const older = onHost(2, '156.9.9.9');
    older.session.start(resumed);
    await expect.poll(() => older.session.isRunning, soon).toBe(false);
    expect(older.session.status).toEqual({ state: 'failed', failure: 'host_outdated' });
    expect(errors).toContain('ALARM: a checkpoint is of a newer browser, and waits for a host that has it');
    expect(browsers).toHaveLength(1);
    const newer = onHost(3, '157.0.1.1');
    newer.session.start({ ...resumed, status: older.session.status });
    await expect.poll(() => newer.session.status.state, soon).toBe('linked');
    expect(browsers.at(-1)?.restored).toBe('first');
    await newer.session.stop();
  });
  it('gives its place among the starting browsers back when there is no home for one', async () => {
    let refused = 0;
    const { onHost, gate } = await make({
      behave: () => showCode,
      refineHomes: (homes) => ({
        ...homes,
        open() {
          refused++;
          return Promise.reject(new Error('ENOSPC'));
        },
      }),
    });
    const { session } = onHost(1);
    session.start(clicked);
    await expect.poll(() => refused, soon).toBe(1);
    await session.stop();
    let entered = 0;
    for (let i = 0; i < startsAtOnce; i++) void gate.enter().then(() => entered++);
    await expect.poll(() => entered, soon).toBe(startsAtOnce);
  });
  it('comes back by itself after faults of the host: no home for a browser, one that cannot be removed, checkpoints that cannot be listed', async () => {
    const faults = { open: 0, leave: 0, exists: 0 };
    const fail = (fault: keyof typeof faults) => {
      faults[fault]++;
      return Promise.reject(new Error('EIO'));
    };
    const { onHost, ...session } = await make({
      behave: () => link('first'),
      refineHomes: (homes) => ({
        ...homes,
        open: async (files) =>
          files && faults.open === 0
            ? fail('open')
            : { ...(await homes.open(files)), leave: () => (files ? fail('leave') : Promise.resolve()) },
      }),
      refineCheckpoints: (store) => ({ ...store, exists: () => fail('exists') }),
    });
    await linkOnce(onHost(1));
    const later = onHost(2);
    later.session.start(resumed);
    await expect.poll(() => later.session.status.state, soon).toBe('linked');
    await later.session.stop();
    expect(later.session.status.state).toBe('reconnecting');
    expect(faults).toEqual({ open: 1, leave: 1, exists: 1 });
    expect(session.errors).toEqual([
      'A fault of the host kept a browser from running',
      'The checkpoints could not be listed',
      'The folder of a browser could not be removed',
    ]);
  });

  it('waits for a session that is coming back before it unlinks, so that the phone hears of it', async () => {
    const { onHost, browsers } = await make({
      behave: (n) => (n === 0 ? link('first') : ignore),
      more: { comeUpToUnlinkMs: 5_000 },
    });
    await linkOnce(onHost(1));
    const { session, checkpoints } = onHost(2);
    session.start(resumed);
    await expect.poll(() => browsers.length, soon).toBe(2);
    const unlinking = session.unlink(2);
    setTimeout(() => browsers[1]?.link('first'), 100);
    await unlinking;
    expect(browsers[1]?.loggedOut).toBe(true);
    expect(session.status).toEqual({ state: 'unlinked' });
    expect(await checkpoints.exists()).toBe(false);
  });

  it('says that the device is still on the phone when it could not be unlinked there', async () => {
    const { onHost, browsers, statuses } = await make({
      behave: (n) => (n === 0 ? link('first') : ignore),
      more: { comeUpToUnlinkMs: 100 },
    });
    await linkOnce(onHost(1));
    const running = onHost(2);
    running.session.start(resumed);
    await expect.poll(() => browsers.length, soon).toBe(2);
    await running.session.unlink(2);
    expect(statuses.at(-1)).toEqual({ state: 'unlinked', remainsOnPhone: true });
    expect(await running.checkpoints.exists()).toBe(false);
    // Once more, and there is nothing that could be on the phone.
    await running.session.unlink(3);
    expect(statuses.at(-1)).toEqual({ state: 'unlinked' });
  });

  it('says so too of one that does not run and is not known any more', async () => {
    const { onHost, statuses } = await make({ behave: (n) => (n === 0 ? link('first') : showCode) });
    await linkOnce(onHost(1));
    await onHost(2).session.unlink(2);
    expect(statuses.at(-1)).toEqual({ state: 'unlinked', remainsOnPhone: true });
  });

  it('says since when WhatsApp cannot be reached, and comes back by itself when it can', async () => {
    const cutOff = ({ tell }: { tell: (event: EngineEvent) => void }) =>
      tell({ type: 'died', cause: 'unreachable', detail: 'net::ERR_NAME_NOT_RESOLVED' });
    const behaviours = [link('first'), cutOff, cutOff, link('again')];
    const { onHost, statuses } = await make({ behave: (n) => behaviours[n] ?? showCode });
    await linkOnce(onHost(1));
    const later = onHost(2);
    later.session.start(resumed);
    await expect.poll(() => later.session.status.state, soon).toBe('linked');
    const told = statuses.flatMap(({ unreachableSince }) => unreachableSince ?? []);
    expect(new Set(told).size).toBe(1);
    expect(later.session.status).not.toHaveProperty('unreachableSince');
    await later.session.stop();
  });

  it('goes on after a failure that nobody has seen before, also while it is being linked', async () => {
    const strange = ({ tell }: { tell: (event: EngineEvent) => void }) =>
      tell({ type: 'died', cause: 'unknown', detail: "window['onQRChangedEvent'] already exists" });
    const behaviours = [strange, strange, link('first')];
    const { onHost } = await make({ behave: (n) => behaviours[n] ?? showCode });
    const { session } = onHost(1);
    session.start(clicked);
    await expect.poll(() => session.status.state, soon).toBe('linked');
    await session.stop();
  });

  it("keeps WhatsApp's reason for having logged it out", async () => {
    const { onHost, browsers } = await make({ behave: () => link('first') });
    const { session } = onHost(1);
    session.start(clicked);
    await expect.poll(() => session.status.state, soon).toBe('linked');
    browsers.at(-1)?.tell({ type: 'logged-out', reason: 'account_locked' });
    await expect.poll(() => session.status, soon).toEqual({ state: 'logged_out', logoutReason: 'account_locked' });
    await session.stop();
  });

  it('wants another try, after a pause, when a fault that nobody thought of has ended it', async () => {
    const { onHost } = await make({
      behave: () => link('first'),
      more: { afterFaultMs: 300 },
      refineCheckpoints: (store) => ({
        ...store,
        beginLink() {
          throw new Error('A mistake');
        },
      }),
    });
    const { session } = onHost(1);
    session.start(clicked);
    await expect.poll(() => session.isRunning, soon).toBe(false);
    expect(session.status).toEqual({ state: 'failed', failure: 'unknown' });
    expect(session.isToBeTriedAgain).toBe(true);
    expect(session.wantsAnotherTry).toBe(false);
    await expect.poll(() => session.wantsAnotherTry, soon).toBe(true);
  });
});

function link(name: string) {
  return ({ link: becomes }: { link: (as: string) => void }) => becomes(name);
}

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Log } from '@top-active/aws';
import type { EngineSession } from '../engine/engine.ts';
import { createBehindChats, type BehindChat } from './behind-chats.ts';
import { createChatRetries } from './chat-retries.ts';

const ana = 'ana@c.us';
const bia = 'bia@c.us';
const noon = new Date('2030-01-01T12:00:00.000Z');
/** Only handed on. */
const engine = {} as EngineSession;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** Chats that are fetched as long as `isDown` isn't set. */
function open({ isDown = false }: { isDown?: boolean } = {}) {
  const behind = createBehindChats();
  const world = { isDown };
  const did: unknown[] = [];
  const logged: string[] = [];
  const note = (message: string) => void logged.push(message);
  const log: Log = { debug: note, info: note, warn: note, error: note };
  const stopping = new AbortController();
  const catchUp = {
    async again(_engine: EngineSession, { peer, since }: BehindChat) {
      did.push(['again', peer, since]);
      if (world.isDown) throw new Error('down');
    },
    async noteMissing(_engine: EngineSession, { peer }: BehindChat) {
      did.push(['missing', peer]);
      if (world.isDown) throw new Error('down');
    },
  };
  const retries = createChatRetries({ behind, catchUp, retryMs: 10, log, signal: stopping.signal });
  return { retries, behind, world, did, logged, stop: () => stopping.abort() };
}

describe('a chat that could not be caught up with', () => {
  it('is tried again after a while, by itself, and is behind no more once that succeeds', async () => {
    const { retries, behind, did } = open();
    retries.fallBehind(ana, noon, engine);
    expect([behind.all().length, retries.isDue(ana), retries.isDue(bia)]).toEqual([1, true, false]);
    await vi.advanceTimersByTimeAsync(9);
    expect(did).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(did).toEqual([['again', ana, noon]]);
    expect([behind.all(), retries.isDue(ana)]).toEqual([[], false]);
  });

  it('is tried later and later, then given up, which is told in its thread', async () => {
    const { retries, behind, did, logged } = open({ isDown: true });
    retries.fallBehind(ana, undefined, engine);
    for (const [tries, pause] of [10, 40, 160, 600, 2400].entries()) {
      await vi.advanceTimersByTimeAsync(pause - 1);
      expect(did).toHaveLength(tries);
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(did).toEqual([...Array.from({ length: 5 }, () => ['again', ana, undefined]), ['missing', ana]]);
    expect(logged).toContain('ALARM: a chat could not be caught up with, and is not tried again for now');
    expect(logged.at(-1)).toBe('What is missing of a chat was not noted');
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(did).toHaveLength(6);
    // What is missing of it is fetched when the session is ready the next time.
    expect(behind.get(ana)).toBeDefined();
  });

  it('is tried once, however often it falls behind meanwhile, for the whole time', async () => {
    const { retries, did } = open();
    retries.fallBehind(ana, noon, engine);
    retries.fallBehind(ana, new Date(noon.getTime() + 1_000), engine);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(did).toEqual([['again', ana, noon]]);
  });

  it('is not tried after the end of retries, nor when the host stops, and stays behind', async () => {
    const ended = open();
    ended.retries.fallBehind(ana, noon, engine);
    ended.retries.end();
    const stopped = open();
    stopped.retries.fallBehind(ana, noon, engine);
    stopped.stop();
    await vi.advanceTimersByTimeAsync(10_000);
    for (const { retries, behind, did } of [ended, stopped])
      expect([did, behind.all().length, retries.isDue(ana)]).toEqual([[], 1, false]);
  });

  it('is not tried when a catch-up has fetched it meanwhile', async () => {
    const { retries, behind, did } = open();
    retries.fallBehind(ana, noon, engine);
    behind.caughtUp(ana);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(did).toEqual([]);
  });
});

import { logger } from '@top-active/aws';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineSession } from '../engine/engine.ts';
import { runInSession } from '../session/session-context.ts';
import { createPacing, typingTime, type PacingConfig } from './pacing.ts';
import { useTestClock } from './test-clock.ts';

const config = { msPerCharacter: 10, minMs: 300, maxMs: 1_000 };
const peer = '5511988887777@c.us';

/** What the page was asked to show before a reply, and when the reply's turn came. */
async function shownBefore(text: string, { pace = config, fails = false }: { pace?: PacingConfig; fails?: boolean }) {
  const shown: unknown[] = [];
  const logged: unknown[] = [];
  const began = Date.now();
  const show = (what: string) => (to: string) => {
    shown.push([what, to, Date.now() - began]);
    return fails ? Promise.reject(new Error(`no ${what}`)) : Promise.resolve();
  };
  const engine = { markSeen: show('seen'), showTyping: show('typing') } as unknown as EngineSession;
  const log = { ...logger, warn: (_: string, data: unknown) => void logged.push(data) };
  const paced = runInSession({ log }, () => createPacing(pace)(engine, peer, text));
  const over = paced.then(() => shown.push(['over', Date.now() - began]));
  await vi.advanceTimersByTimeAsync(10_000);
  await over;
  return { shown, logged };
}

describe('pacing', () => {
  beforeEach(() => useTestClock());
  afterEach(() => vi.useRealTimers());

  it('types as long as the text is, within bounds', () => {
    expect(typingTime(config, 'Oi')).toBe(300);
    expect(typingTime(config, 'x'.repeat(50))).toBe(500);
    expect(typingTime(config, 'x'.repeat(5_000))).toBe(1_000);
  });

  it('shows the customer that the chat was read, then that somebody types', async () => {
    const { shown, logged } = await shownBefore('x'.repeat(50), {});
    expect([shown, logged]).toEqual([
      [
        ['seen', peer, 0],
        ['typing', peer, 0],
        ['over', 500],
      ],
      [],
    ]);
  });

  it('shows nobody who types where no time is to be taken', async () => {
    const { shown } = await shownBefore('Oi', { pace: { msPerCharacter: 0, minMs: 0, maxMs: 0 } });
    expect(shown).toEqual([
      ['seen', peer, 0],
      ['over', 0],
    ]);
  });

  it('takes its time though the page can show neither, and says so', async () => {
    const { shown, logged } = await shownBefore('Oi', { fails: true });
    expect(shown.at(-1)).toEqual(['over', 300]);
    expect(logged).toEqual([{ what: 'seen' }, { what: 'typing' }]);
  });

  it('takes its time also where no session is there to tell of it', async () => {
    const engine = { markSeen: () => Promise.reject(new Error('no sendSeen')), showTyping: async () => {} };
    const over = createPacing(config)(engine as unknown as EngineSession, peer, 'Oi').then(() => Date.now());
    const began = Date.now();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await over).toBe(began + 300);
  });
});

import { capabilityNames, type CapabilityName, type CapabilityReport } from '@top-active/core/contracts';
import type { Page } from 'puppeteer';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Prelude } from '../prelude.ts';
import { createCapabilityWatch, type CapabilityTimes } from './watch-capabilities.ts';

const times: CapabilityTimes = {
  probeAgainMs: 5_000,
  probeForMs: 30_000,
  probeMissingEveryMs: 300_000,
  probeEveryMs: 86_400_000,
};

/** What a probe finds in the page, by capability. */
interface Found {
  missing: Partial<Record<CapabilityName, string[]>>;
  unheard: Partial<Record<CapabilityName, string[]>>;
  isGone: boolean;
}

/** A page in which a probe finds what the test says, on a clock that the test moves. */
function watchOver({ missing = {}, unheard = {}, isGone = false }: Partial<Found>) {
  const found: Found = { missing, unheard, isGone };
  const told: CapabilityReport[] = [];
  const incompatible: string[][] = [];
  const probes = { count: 0 };
  const page = {
    async evaluate() {
      probes.count++;
      if (found.isGone) throw new Error('Execution context was destroyed');
      return {
        hasStarted: true,
        build: '2.3000.1',
        missing: { ...Object.fromEntries(capabilityNames.map((name) => [name, []])), ...found.missing },
        unheard: { ...found.unheard },
        detours: {},
        isAttaching: Object.keys(found.unheard).length > 0,
        tookMs: 1,
      };
    },
  };
  const prelude: Pick<Prelude, 'document' | 'reports'> = { document: 1, reports: () => [] };
  const watch = createCapabilityWatch({
    prelude: () => prelude,
    onReport: (report) => told.push(report),
    onIncompatible: (lost) => incompatible.push(lost),
    noteFailure: () => undefined,
    times,
  });
  // oxlint-disable-next-line no-unsafe-type-assertion -- What isn't there is asked for nothing.
  watch.look(page as unknown as Page);
  const states = () => told.map(({ capabilities }) => capabilities.send.state);
  return { watch, found, told, states, incompatible, probes };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('tells what a page has at once, and again daily', async () => {
  const { states } = watchOver({});
  await vi.advanceTimersByTimeAsync(0);
  expect(states()).toEqual(['ok']);
  await vi.advanceTimersByTimeAsync(times.probeEveryMs);
  expect(states()).toEqual(['ok', 'ok']);
});

it('says that something is missing when there was time for it to come, and that it is there when it has come later', async () => {
  const { states, found } = watchOver({ missing: { send: ['WAWebSendMsgChatAction'] } });
  await vi.advanceTimersByTimeAsync(times.probeForMs - 1);
  expect(states()).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(states()).toEqual(['missing']);
  await vi.advanceTimersByTimeAsync(times.probeMissingEveryMs);
  expect(states()).toEqual(['missing']);
  found.missing = {};
  await vi.advanceTimersByTimeAsync(times.probeMissingEveryMs);
  expect(states()).toEqual(['missing', 'ok']);
});

it('asks the page once more before something is refused', async () => {
  const { watch, found, states } = watchOver({ missing: { send: ['WAWebSendMsgChatAction'] } });
  await vi.advanceTimersByTimeAsync(times.probeForMs);
  await expect(watch.require('send')).rejects.toMatchObject({ outcome: 'refused' });
  found.missing = {};
  await watch.require('send');
  expect(states()).toEqual(['missing', 'ok']);
});

it('ends a session for what the page does not have, and not for a library that is slow to listen', async () => {
  const without = watchOver({ missing: { receive: ['WAWebCollections.Msg'] } });
  const slow = watchOver({ unheard: { receive: ['listener to Msg add'] } });
  await vi.advanceTimersByTimeAsync(times.probeForMs);
  expect(without.incompatible).toEqual([['WAWebCollections.Msg']]);
  expect(slow.incompatible).toEqual([]);
  expect(slow.told.at(-1)?.capabilities.receive).toEqual({ state: 'missing', how: 'listener to Msg add' });
  slow.found.unheard = {};
  await vi.advanceTimersByTimeAsync(times.probeMissingEveryMs);
  expect(slow.told.at(-1)?.capabilities.receive).toEqual({ state: 'ok' });
});

it('looks at nothing any more once it is stopped, also while it looks', async () => {
  const { watch, probes, states } = watchOver({ isGone: true });
  watch.stop();
  await vi.advanceTimersByTimeAsync(times.probeEveryMs);
  expect(probes.count).toBe(1);
  expect(states()).toEqual([]);
});

it('looks again, however long a page was too busy to answer', async () => {
  const { found, states, probes } = watchOver({ isGone: true });
  await vi.advanceTimersByTimeAsync(times.probeForMs + times.probeMissingEveryMs);
  expect(states()).toEqual([]);
  const { count } = probes;
  found.isGone = false;
  await vi.advanceTimersByTimeAsync(times.probeMissingEveryMs);
  expect(probes.count).toBeGreaterThan(count);
  expect(states()).toEqual(['ok']);
});

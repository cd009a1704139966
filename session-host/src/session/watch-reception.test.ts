import type { Log } from '@top-active/aws';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createBuildTroubles } from './build-troubles.ts';
import { createReceptionWatch } from './watch-reception.ts';

const ignore = () => undefined;
const log: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const minute = 60_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => vi.useRealTimers());

it('shows a session that messages may be late on its build while others have trouble with it, and when that is over', () => {
  const troubles = createBuildTroubles(log);
  const session = (build: string) => {
    const shown: string[] = [];
    const watch = createReceptionWatch({
      troubles,
      restartEveryMs: 0,
      show: (state) => void (shown.at(-1) !== state && shown.push(state)),
      log,
    });
    const end = watch.begin();
    watch.onBuild(build);
    return { watch, shown, end };
  };
  const [one, two, quiet, elsewhere, over] = ['A', 'A', 'A', 'B', 'A'].map(session);
  over?.end();
  one?.watch.onMissed({ type: 'missed', level: 'deaf', messages: 1 });
  vi.advanceTimersByTime(minute);
  expect(quiet?.shown).toEqual(['ok']);
  // Storing has nothing to do with the page.
  elsewhere?.watch.onMissed({ type: 'missed', level: 'unstored', messages: 1 });
  two?.watch.onMissed({ type: 'missed', level: 'unreadable', messages: 1 });
  two?.watch.onReception('unreadable');
  expect([quiet, two, elsewhere, over].map((each) => each?.shown.at(-1))).toEqual(['late', 'unreadable', 'ok', 'ok']);
  vi.advanceTimersByTime(10 * minute + 1);
  expect([quiet, two].map((each) => each?.shown.at(-1))).toEqual(['ok', 'unreadable']);
});

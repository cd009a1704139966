import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createUnreadCounts, type UnreadCount } from './unread-counts.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

function open() {
  const settled: UnreadCount<string>[] = [];
  return { settled, counts: createUnreadCounts<string>((told) => void settled.push(told)) };
}

const ana = { peer: 'ana@c.us', engine: 'first' };
const bia = { peer: 'bia@c.us', engine: 'first' };

it('believes a count once its chat was quiet for a second', () => {
  const { counts, settled } = open();
  counts.tell({ ...ana, unread: 1 });
  vi.advanceTimersByTime(999);
  expect(settled).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(settled).toEqual([{ ...ana, unread: 1 }]);
});

it('believes the newest of a chat, and who told it, once', () => {
  const { counts, settled } = open();
  counts.tell({ ...ana, unread: 1 });
  vi.advanceTimersByTime(600);
  counts.tell({ ...bia, unread: 7 });
  counts.tell({ ...ana, engine: 'second', unread: 2 });
  vi.advanceTimersByTime(999);
  expect(settled).toEqual([]);
  vi.advanceTimersByTime(60_000);
  expect(settled).toEqual([
    { ...bia, unread: 7 },
    { ...ana, engine: 'second', unread: 2 },
  ]);
});

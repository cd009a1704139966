import { metrics } from '@top-active/aws';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { noteReception, receptionFact, type LoggedReception } from './logged-reception.ts';

const build = '2.3000.1048032155';
const other = '2.3000.1045220589';
const minute = 60_000;

let lines: string[];
beforeEach(() => {
  lines = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(...String(text).trim().split('\n'));
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

/** What is known after the lines that were written since the last call, all at one time. */
function hear(before: LoggedReception | undefined, at: number): LoggedReception | undefined {
  return lines.splice(0).reduce<LoggedReception | undefined>((heard, line) => noteReception(heard, line, at), before);
}

it('knows nothing before the host has told', () => {
  for (const line of [
    '{"level":"INFO","message":"ReceptionTrouble"}',
    '{"ReceptionTrouble":',
    '{"ReceptionTrouble":"x"}',
  ])
    expect(receptionFact(noteReception(undefined, line, 0), 0)).toBeUndefined();
});

it('counts the sessions with trouble by build, until the host names them no more', () => {
  metrics.emit('ReceptionTrouble', 2, { build });
  const first = hear(undefined, 0);
  expect(receptionFact(first, 0)).toEqual({ at: '1970-01-01T00:00:00.000Z', troubled: { [build]: 2 } });
  metrics.emit('ReceptionTrouble', 1, { build: other });
  const second = hear(first, 2 * minute);
  expect(receptionFact(second, 2 * minute)?.troubled).toEqual({ [build]: 2, [other]: 1 });
  expect(receptionFact(second, 3 * minute)?.troubled).toEqual({ [other]: 1 });
});

it('takes zeros that were written late for no end of a trouble', () => {
  metrics.emit('ReceptionTrouble', 0);
  metrics.emit('ReceptionTrouble', 0);
  metrics.emit('ReceptionTrouble', 2, { build });
  metrics.flush();
  const heard = hear(undefined, 0);
  expect(receptionFact(heard, minute)?.troubled).toEqual({ [build]: 2 });
});

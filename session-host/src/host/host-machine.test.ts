import { describe, expect, it } from 'vitest';
import { reduceHost, servingHost, type HostEvent, type HostState } from './host-machine.ts';

const stages = {
  serving: servingHost,
  hurried: { isStopping: false, isCutShort: true },
  stopping: { isStopping: true, isCutShort: false },
  ending: { isStopping: true, isCutShort: true },
} satisfies Record<string, HostState>;

const events = {
  stop: { type: 'stop' },
  hurry: { type: 'hurry' },
  rejection: { type: 'rejection', error: new Error('A mistake') },
  'leases over': { type: 'leases-over', reason: 'taken' },
} satisfies Record<string, HostEvent>;

/** Every stage × every event: the next stage → what is to be done. */
const table: Record<keyof typeof events, Record<keyof typeof stages, string>> = {
  stop: {
    serving: 'stopping → hand-over',
    hurried: 'ending → hand-over',
    stopping: 'stopping → ',
    ending: 'ending → ',
  },
  hurry: {
    serving: 'hurried → cut-short',
    hurried: 'hurried → ',
    stopping: 'ending → cut-short',
    ending: 'ending → ',
  },
  rejection: {
    serving: 'stopping → log-error, give-up, hand-over',
    hurried: 'ending → log-error, give-up, hand-over',
    stopping: 'stopping → log-error, give-up',
    ending: 'ending → log-error, give-up',
  },
  'leases over': {
    serving: 'ending → log-error, give-up, hand-over, cut-short',
    hurried: 'ending → log-error, give-up, hand-over',
    stopping: 'ending → log-error, give-up, cut-short',
    ending: 'ending → log-error, give-up',
  },
};

function nameOf(state: HostState): string | undefined {
  return Object.entries(stages).find(([, stage]) => JSON.stringify(stage) === JSON.stringify(state))?.[0];
}

describe('host machine', () => {
  for (const [name, cells] of Object.entries(table) as [keyof typeof events, (typeof table)['stop']][]) {
    it.each(Object.entries(cells) as [keyof typeof stages, string][])(`%s + ${name}: %s`, (stage, cell) => {
      const { state, effects } = reduceHost(stages[stage], events[name]);
      expect(`${nameOf(state)} → ${effects.map(({ type }) => type).join(', ')}`).toBe(cell);
    });
  }

  it('says why it gives up', () => {
    const { error } = events.rejection;
    expect(reduceHost(servingHost, events.rejection).effects[0]).toEqual({
      type: 'log-error',
      message: 'A rejection was left unhandled: the host ends',
      error,
    });
    expect(reduceHost(servingHost, events['leases over']).effects[0]).toMatchObject({
      message: 'ALARM: the leases of this host are over: taken',
    });
  });
});

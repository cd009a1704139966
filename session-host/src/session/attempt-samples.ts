import { freshAttempt, type AttemptEvent, type AttemptState } from './attempt-machine.ts';

/** One attempt in each of its stages and one event of each kind, for the table of the machine. */

const death = { type: 'died', cause: 'browser_died', detail: 'The browser is gone' } as const;
const opened = { generation: 7 };

export const sampleAttempts = {
  loading: freshAttempt,
  linking: { ...freshAttempt, phase: 'running' },
  restored: { ...freshAttempt, phase: 'running', opened, deaths: 2 },
  'looking below': { ...freshAttempt, phase: 'looking-below', opened, below: 7 },
  deciding: { ...freshAttempt, phase: 'deciding', deaths: 1, death },
  pausing: { ...freshAttempt, phase: 'pausing', deaths: 1, death },
} satisfies Record<string, AttemptState>;

const ended = { type: 'ended', wasStable: false, isWatched: false } as const;
const checked = { type: 'checked', linked: true, random: 0.5, date: '2030-01-01T00:00:00.000Z' } as const;

/** By the names that they have in the table. */
export const sampleEvents = {
  begin: { type: 'begin' },
  'loaded a checkpoint': { type: 'loaded', opened: { generation: 8 } },
  'loaded nothing': { type: 'loaded', opened: undefined },
  died: { ...ended, outcome: death },
  'died after a while': { ...ended, outcome: death, wasStable: true },
  'shown a code': { ...ended, outcome: { type: 'unlinked-meanwhile' } },
  'shown a code, watched': { ...ended, outcome: { type: 'unlinked-meanwhile' }, isWatched: true },
  'logged out': { ...ended, outcome: { type: 'logged-out' } },
  'codes are over': { ...ended, outcome: { type: 'qr-idle' } },
  'gave up': { ...ended, outcome: { type: 'gave-up', failure: 'passkey_refused' } },
  'found below': { type: 'looked-below', found: true },
  'nothing below': { type: 'looked-below', found: false },
  'checked, linked': checked,
  paused: { type: 'paused' },
  suspended: { type: 'stopped', outcome: { type: 'stop', how: 'suspend' } },
  abandoned: { type: 'stopped', outcome: { type: 'stop', how: 'abandon' } },
  outdated: { type: 'stopped', outcome: { type: 'gave-up', failure: 'host_outdated' } },
} satisfies Record<string, AttemptEvent>;

import { describe, expect, it } from 'vitest';
import { refusalOf } from './refusal-of.ts';
import { failureOf } from './send-failures.ts';

const timelock = { kind: 'reachout', level: 'limited' } as const;
const capped = { kind: 'new_chats', level: 'limited' } as const;
const warned = { kind: 'new_chats', level: 'warning' } as const;

describe('why a message failed', () => {
  it.each([
    ['is on its way', { ack: 0, isSendFailure: false, errorCode: '' }, [], undefined],
    ['never left', { ack: 0, isSendFailure: true, errorCode: '' }, [], 'not_sent'],
    ['was refused', { ack: -1, isSendFailure: true, errorCode: '' }, [], 'refused'],
    ['was refused to a stranger', { ack: -1, isSendFailure: true, errorCode: '' }, [timelock], 'reachout_restricted'],
    ['was refused by the page', { ack: -1, isSendFailure: true, errorCode: 'Acp2Restricted' }, [], 'refused'],
    [
      'was one new conversation too many',
      { ack: -1, isSendFailure: true, errorCode: 'UserReachedMaxMonthlyLimitForNewMessages' },
      [timelock],
      'new_chats_used_up',
    ],
    ['arrived, and an edit of it failed', { ack: 2, isSendFailure: true, errorCode: '1' }, [], undefined],
    ['left, and an edit of it failed', { ack: 1, isSendFailure: true, errorCode: '' }, [], undefined],
  ] as const)('that %s', (_what, outcome, restrictions, failure) => {
    expect(failureOf(outcome, restrictions)).toBe(failure);
  });
});

describe('what WhatsApp would refuse', () => {
  const stranger = { blocked: false, whileTimelocked: false, whileCapped: false };
  const known = { blocked: false, whileTimelocked: true, whileCapped: true };
  it.each([
    ['a stranger while nothing is restricted', stranger, [], undefined],
    ['a stranger during a time lock', stranger, [timelock], 'reachout_restricted'],
    ['a stranger when the quota is used up', stranger, [capped], 'new_chats_used_up'],
    ['a stranger after a warning', stranger, [warned], undefined],
    ['somebody who has written before', known, [timelock, capped], undefined],
    ['somebody who is blocked', { ...known, blocked: true }, [timelock], 'blocked_by_owner'],
  ] as const)('to %s', (_whom, answer, restrictions, failure) => {
    expect(refusalOf(answer, restrictions)).toBe(failure);
  });
});

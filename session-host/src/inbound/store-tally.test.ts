import type { RecordedMessage } from '@top-active/aws';
import { expect, it } from 'vitest';
import { tallyOf } from './store-tally.ts';

const missedSince = '2030-01-01T12:00:00.000Z';
const recorded: RecordedMessage = { stored: true, chatId: 'chat', messageId: 'one' };

it('counts what is new and what is refused', () => {
  const outcomes = [recorded, { ...recorded, stored: false }, undefined].map((one) => ({
    recorded: one,
    missedSince: undefined,
  }));
  expect(tallyOf(outcomes)).toEqual({ found: 1, refused: 1, missed: [], besideGaps: [] });
});

it('takes for missed what is stored as missed in this absence, also by an earlier attempt', () => {
  const now = { ...recorded, missedSince };
  const before = { ...recorded, stored: false, messageId: 'two', missedSince };
  const another = { ...recorded, messageId: 'three', missedSince: '2029-01-01T12:00:00.000Z' };
  const asItCame = { ...recorded, messageId: 'four' };
  const outcomes = [now, before, another, asItCame].map((one) => ({ recorded: one, missedSince }));
  expect(tallyOf(outcomes).missed).toEqual([now, before]);
  expect(tallyOf([{ recorded: now, missedSince: undefined }]).missed).toEqual([]);
});

it('knows beside which messages a gap is told of', () => {
  const beside = { ...recorded, isBesideGap: true } as const;
  const outcomes = [recorded, beside].map((one) => ({ recorded: one, missedSince: undefined }));
  expect(tallyOf(outcomes).besideGaps).toEqual([beside]);
});

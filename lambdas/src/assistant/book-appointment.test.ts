import { partOfTenant } from '@top-active/aws/test-support/part-of-tenant';
import { aChatRecord, aProfile, aSuggestion } from '@top-active/aws/test-support/records';
import type { ProblemCode, Suggestion } from '@top-active/core/contracts';
import { AppError } from '@top-active/core/errors';
import { beforeEach, expect, it } from 'vitest';
import type { Booking, Calendar } from '../google/calendar.ts';
import type { AssistantDeps } from './assistant-deps.ts';
import { bookAppointment } from './book-appointment.ts';
import { eventIdOf } from './event-id.ts';

const job = { type: 'book', userId: 'u', chatId: 'chat', suggestionId: '01ARZ3NDEKTSV4RRFFQ69G5FAW' } as const;
const eventId = eventIdOf(job.suggestionId);
const eventUrl = 'https://calendar.example/event';
const appointment = {
  title: 'Limpeza de pele, Marina',
  start: '2027-03-02T13:00:00.000Z',
  end: '2027-03-02T14:00:00.000Z',
  timeZone: 'America/Sao_Paulo',
};

let suggestion: Partial<Suggestion> | undefined;
let calendar: Calendar;
let booked: Booking[];
let outcome: unknown[];
beforeEach(() => {
  suggestion = { id: job.suggestionId, chatId: 'chat', state: 'accepted', appointment };
  booked = [];
  outcome = [];
  calendar = {
    canBook: true,
    busy: () => Promise.resolve([]),
    find: () => Promise.resolve(undefined),
    book: async (booking) => {
      booked.push(booking);
      return { eventUrl };
    },
  };
});

function run(attempt = 1, openCalendar = () => Promise.resolve(calendar)): Promise<void> {
  const tenant = partOfTenant({
    suggestions: {
      get: () => Promise.resolve(suggestion && aSuggestion(suggestion)),
      markBooked: async (...booking) => {
        outcome.push('booked', ...booking);
        return { commandId: 'command' };
      },
      markFailed: async (...failure) => {
        outcome.push('failed', ...failure);
        return true;
      },
    },
    profile: { get: () => Promise.resolve(aProfile({ locale: 'en' })) },
    chats: { get: () => Promise.resolve(aChatRecord({ name: 'Marina', phone: '5511900001111' })) },
  });
  const deps = { tenants: { for: () => Promise.resolve(tenant) }, openCalendar } as unknown as AssistantDeps;
  return bookAppointment(job, deps, { attempt });
}

const bookedOutcome = ['booked', job.suggestionId, { eventId, eventUrl }];
const failedOutcome = (why: string) => ['failed', job.suggestionId, why];
const refusing = (code: ProblemCode) => () => Promise.reject(new AppError(code));

it('makes the event and notes it', async () => {
  const asked: unknown[] = [];
  calendar.busy = async (span) => {
    asked.push(span);
    return [];
  };
  await run();
  expect(asked).toEqual([{ start: appointment.start, end: appointment.end }]);
  expect(booked).toMatchObject([{ eventId, appointment }]);
  expect(booked[0]?.description).toContain('Marina');
  expect(outcome).toEqual(bookedOutcome);
});

it.each<[string, Partial<Suggestion> | undefined]>([
  ['gone', undefined],
  ['dismissed', { state: 'dismissed', appointment }],
  ['without an appointment', { state: 'accepted' }],
  ['booked before', { state: 'accepted', appointment, commandId: 'c' }],
])('does nothing for a suggestion that is %s', async (_, stored) => {
  suggestion = stored;
  await run();
  expect([booked, outcome]).toEqual([[], []]);
});

it('takes the event of an earlier delivery for its own, and makes no other', async () => {
  calendar.busy = () => Promise.resolve([{ start: appointment.start, end: appointment.end }]);
  const sought: string[] = [];
  calendar.find = async (id) => {
    sought.push(id);
    return { eventUrl };
  };
  await run(2);
  expect(sought).toEqual([eventId]);
  expect([booked, outcome]).toEqual([[], bookedOutcome]);
});

it('fails where the slot is taken, or the event was deleted', async () => {
  calendar.busy = () => Promise.resolve([{ start: appointment.start, end: appointment.end }]);
  await run();
  expect(outcome).toEqual(failedOutcome('slot_taken'));
  outcome = [];
  calendar.busy = () => Promise.resolve([]);
  calendar.book = () => Promise.resolve(undefined);
  await run();
  expect(outcome).toEqual(failedOutcome('slot_taken'));
});

it('fails without the permission to write', async () => {
  calendar = { ...calendar, canBook: false };
  await run();
  expect([booked, outcome]).toEqual([[], failedOutcome('google_permission_missing')]);
});

it('fails at once where Google is not connected', async () => {
  await run(1, refusing('google_not_connected'));
  expect(outcome).toEqual(failedOutcome('google_not_connected'));
});

it('waits for a Google that is away until the third delivery', async () => {
  for (const attempt of [1, 2])
    await expect(run(attempt, refusing('google_unreachable'))).rejects.toMatchObject({ code: 'google_unreachable' });
  expect(outcome).toEqual([]);
  await run(3, refusing('google_unreachable'));
  expect(outcome).toEqual(failedOutcome('google_unreachable'));
});

it('passes on what is nothing of Google’s', async () => {
  await expect(run(3, refusing('internal'))).rejects.toMatchObject({ code: 'internal' });
  await expect(run(3, () => Promise.reject(new Error('Throttled')))).rejects.toThrow('Throttled');
  expect(outcome).toEqual([]);
});

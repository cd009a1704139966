import { defaultProfile, type Interval } from '@top-active/core/domain';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Calendar } from '../../google/calendar.ts';
import { createCalendarTools } from './calendar-tools.ts';
import { runTool } from './tool.ts';

// A Tuesday, 08:00 in São Paulo.
const now = () => Date.parse('2026-11-24T11:00:00.000Z');

/** 10:10 there, while the shop is open. */
const duringOpeningHours = () => Date.parse('2026-11-24T13:10:00.000Z');

function benchWith(busy: Interval[], at = now) {
  const asked: Interval[] = [];
  const calendar: Calendar = {
    canBook: true,
    busy: async (span) => {
      asked.push(span);
      return busy.filter(({ start, end }) => start < span.end && end > span.start);
    },
    book: () => Promise.reject(new Error('A tool never books')),
    find: () => Promise.reject(new Error('A tool never looks at events')),
  };
  const bench = createCalendarTools({ owner: defaultProfile, calendar, now: at });
  const answerTo = async (name: string, args: string) =>
    z.looseObject({}).parse(JSON.parse(await runTool(bench.tools, name, args)));
  const run = (name: string, args: object) => answerTo(name, JSON.stringify(args));
  return { bench, run, answerTo, asked };
}

const foundSchema = z.object({ slots: z.array(z.object({ start: z.string(), day: z.string() })) });
const startsOf = (answer: object) => foundSchema.parse(answer).slots.map(({ start }) => start);

describe('find_free_slots', () => {
  it("answers times on the owner's clock, within opening hours and around what is busy", async () => {
    const { run } = benchWith([{ start: '2026-11-24T12:30:00.000Z', end: '2026-11-24T16:00:00.000Z' }]);
    const answer = await run('find_free_slots', { from: '2026-11-24', to: '2026-11-24', duration_minutes: null });
    expect(startsOf(answer)).toEqual([
      '2026-11-24T13:00',
      '2026-11-24T14:00',
      '2026-11-24T15:00',
      '2026-11-24T16:00',
      '2026-11-24T17:00',
    ]);
  });

  it('offers nothing that begins within the hour', async () => {
    const { run } = benchWith([], duringOpeningHours);
    const search = { from: '2026-11-24T10:00', to: '2026-11-24T12:00', duration_minutes: 30 };
    expect(startsOf(await run('find_free_slots', search))).toEqual(['2026-11-24T11:30']);
  });

  it('looks at no more than 31 days, and ends where it was asked to', async () => {
    const { run, asked } = benchWith([]);
    await run('find_free_slots', { from: '2026-12-01', to: '2027-12-01', duration_minutes: 60 });
    expect(asked).toEqual([{ start: '2026-12-01T03:00:00.000Z', end: '2027-01-01T03:00:00.000Z' }]);
    const answer = await run('find_free_slots', {
      from: '2026-12-01T09:00',
      to: '2026-12-01T10:30',
      duration_minutes: 60,
    });
    expect(startsOf(answer)).toEqual(['2026-12-01T09:00']);
  });

  it('tells the model what it asked wrongly', async () => {
    const { run, answerTo } = benchWith([]);
    expect(await run('find_free_slots', { from: 'tomorrow', to: 'later', duration_minutes: 60 })).toHaveProperty(
      'error',
    );
    expect(await run('find_free_slots', { from: '2026-12-01' })).toHaveProperty('error');
    expect(await run('delete_everything', {})).toHaveProperty('error');
    expect(await answerTo('find_free_slots', 'not json')).toHaveProperty('error');
    expect(
      await run('find_free_slots', { from: '2026-11-01', to: '2026-11-02', duration_minutes: null }),
    ).toMatchObject({ slots: [] });
  });
});

describe('propose_appointment', () => {
  const proposal = { start: '2026-11-24T14:00', duration_minutes: 30, title: 'Limpeza de pele, Marina' };

  it('accepts a free time', async () => {
    const { run, bench } = benchWith([]);
    expect(await run('propose_appointment', proposal)).toMatchObject({ accepted: true, end: '2026-11-24T14:30' });
    expect(bench.proposal()).toEqual({
      title: 'Limpeza de pele, Marina',
      start: '2026-11-24T17:00:00.000Z',
      end: '2026-11-24T17:30:00.000Z',
      timeZone: 'America/Sao_Paulo',
    });
  });

  it('keeps the last accepted one', async () => {
    const { run, bench } = benchWith([]);
    await run('propose_appointment', proposal);
    await run('propose_appointment', { ...proposal, start: '2026-11-24T15:00' });
    await run('propose_appointment', { ...proposal, start: '2026-11-24T03:00' });
    expect(bench.proposal()?.start).toBe('2026-11-24T18:00:00.000Z');
  });

  it.each([
    ['busy', { start: '2026-11-24T15:15' }],
    ['outside of opening hours', { start: '2026-11-24T12:30' }],
    ['on a closed day', { start: '2026-11-28T10:00' }],
    ['past', { start: '2026-11-23T10:00' }],
    ['too soon', { start: '2026-11-24T08:30' }],
    ['not a time', { start: 'at three' }],
    ['empty', { start: '' }],
  ])('refuses a time that is %s', async (_, change) => {
    const { run, bench } = benchWith([{ start: '2026-11-24T18:00:00.000Z', end: '2026-11-24T18:30:00.000Z' }]);
    expect(await run('propose_appointment', { ...proposal, ...change })).toMatchObject({ accepted: false });
    expect(bench.proposal()).toBeUndefined();
  });
});

it('accepts no proposal that begins within the hour', async () => {
  const { run, bench } = benchWith([], duringOpeningHours);
  const proposal = { duration_minutes: 30, title: 'Limpeza de pele, Marina' };
  expect(await run('propose_appointment', { ...proposal, start: '2026-11-24T11:00' })).toMatchObject({
    accepted: false,
  });
  expect(await run('propose_appointment', { ...proposal, start: '2026-11-24T11:30' })).toMatchObject({
    accepted: true,
  });
  expect(bench.proposal()?.start).toBe('2026-11-24T14:30:00.000Z');
});

describe('what OpenAI is told of the tools', () => {
  it('is a strict schema: every property required, nothing else allowed, no keyword that strict mode refuses', () => {
    const strict = z.object({
      properties: z.record(z.string(), z.unknown()),
      required: z.array(z.string()),
      additionalProperties: z.literal(false),
    });
    for (const { definition: tool } of benchWith([]).bench.tools) {
      const { properties, required } = strict.parse(tool.parameters);
      expect(tool.strict).toBe(true);
      expect(required.toSorted()).toEqual(Object.keys(properties).toSorted());
      expect(JSON.stringify(tool.parameters)).not.toMatch(/minLength|maxLength|\$schema|"default"/);
    }
  });
});

import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../strict-schema.ts';
import { fillObject, type Facts } from './arguments.ts';

const start = Temporal.PlainDateTime.from('2026-11-25T14:00');
const facts: Facts = {
  slot: { start, written: '2026-11-25T17:00:00Z' },
  usualMinutes: 50,
  title: 'Consulta, Marina',
  reply: 'Tenho amanhã às 14h.',
  needsOwner: false,
  intent: 'schedule',
  timeZone: 'America/Sao_Paulo',
  language: 'pt-BR',
};
const fill = (properties: NonNullable<JsonSchema['properties']>, change: Partial<Facts> = {}) =>
  fillObject({ type: 'object', properties }, { ...facts, ...change });

describe('fillObject', () => {
  it('writes times in the shape that the schema shows', () => {
    expect(fill({ start: { type: 'string', description: 'like 2026-11-24T14:00' } })).toEqual({
      start: '2026-11-25T14:00',
    });
    expect(fill({ start: { type: 'string', description: 'like 2026-11-24T14:00:00' } })).toEqual({
      start: '2026-11-25T14:00:00',
    });
    expect(
      fill({ start: { type: 'string', description: 'like 2026-11-24T14:00:00-03:00' }, end: { type: 'string' } }),
    ).toEqual({
      start: '2026-11-25T17:00:00Z',
      end: '2026-11-25T14:50:00-03:00',
    });
    expect(fill({ end: { type: 'string', description: 'UTC like 2026-11-24T14:00:00Z' } })).toEqual({
      end: '2026-11-25T17:50:00Z',
    });
    expect(fill({ date: { type: 'string', format: 'date' }, end: { type: 'string', format: 'date-time' } })).toEqual({
      date: '2026-11-25',
      end: '2026-11-25T14:50:00-03:00',
    });
  });

  it('finds what belongs into a property by its name, whatever else is asked for', () => {
    const string = { type: 'string' };
    expect(
      fill(
        {
          starts_at: string,
          title: string,
          customer_name: string,
          reply: string,
          time_zone: string,
          language: string,
          duration_minutes: { type: 'integer' },
        },
        { customerName: 'Marina' },
      ),
    ).toEqual({
      starts_at: '2026-11-25T17:00:00Z',
      title: 'Consulta, Marina',
      customer_name: 'Marina',
      reply: 'Tenho amanhã às 14h.',
      time_zone: 'America/Sao_Paulo',
      language: 'pt-BR',
      duration_minutes: 50,
    });
  });

  it('leaves null what it does not know and may, and fills in what it must', () => {
    expect(
      fill({
        customer_name: { type: ['string', 'null'] },
        duration_minutes: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
        room: { type: 'string' },
        urgent: { type: 'boolean' },
        tags: { type: 'array', items: { type: 'string' } },
        kind: { type: 'string', enum: ['visit', 'schedule'] },
        color: { type: 'string', enum: ['red'] },
        guests: { type: 'integer', minimum: 1 },
        place: { type: 'object', properties: { note: { type: ['string', 'null'] } } },
      }),
    ).toEqual({
      customer_name: null,
      duration_minutes: null,
      room: '',
      urgent: false,
      tags: [],
      kind: 'schedule',
      color: 'red',
      guests: 1,
      place: { note: null },
    });
  });

  it('keeps a length within the bounds of the schema', () => {
    const duration = { type: 'integer', minimum: 15, maximum: 45 };
    expect(fill({ duration })).toEqual({ duration: 45 });
    expect(fill({ duration }, { durationMinutes: 5 })).toEqual({ duration: 15 });
  });
});

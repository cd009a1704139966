import { describe, expect, it } from 'vitest';
import { deliveryStates } from '../contracts/chats.ts';
import { meSchema } from '../contracts/me.ts';
import { defaultProfile } from './default-profile.ts';
import { advances } from './delivery.ts';
import { shardOf } from './shard.ts';
import { canonicalWaId } from './wa-id.ts';

describe('ticks', () => {
  it('only move forward, and fail only before delivery', () => {
    const allowed = deliveryStates.flatMap((from) =>
      deliveryStates.filter((to) => advances(from, to)).map((to) => `${from}>${to}`),
    );
    expect(allowed).toEqual([
      'pending>sent',
      'pending>delivered',
      'pending>read',
      'pending>failed',
      'sent>delivered',
      'sent>read',
      'sent>failed',
      'delivered>read',
    ]);
  });
});

describe('canonicalWaId', () => {
  it.each([
    ['5511998765432@c.us', '551198765432@c.us'],
    ['551198765432@c.us', '551198765432@c.us'],
    ['5511998765432@s.whatsapp.net', '551198765432@c.us'],
    ['5511998765432:12@s.whatsapp.net', '551198765432@c.us'],
    // A landline never had a ninth digit, so a number that would become one keeps it.
    ['5511923456789@c.us', '5511923456789@c.us'],
    ['551132654321@c.us', '551132654321@c.us'],
    ['14155550123@c.us', '14155550123@c.us'],
    ['128849273645182@lid', '128849273645182@lid'],
    ['128849273645182:3@lid', '128849273645182@lid'],
    ['120363041234567890@g.us', '120363041234567890@g.us'],
  ])('%s is %s', (waId, expected) => {
    expect(canonicalWaId(waId)).toBe(expected);
  });
});

describe('defaults', () => {
  it('make a valid profile', () => {
    const me = {
      ...defaultProfile,
      id: '0b5c8a5e-3f1d-4c55-9d4a-0d6f2a3f9a11',
      email: 'ana@example.com',
      name: 'Ana',
      locale: 'pt-BR',
      createdAt: '2026-11-24T10:00:00.000Z',
    };
    expect(meSchema.safeParse(me).success).toBe(true);
  });
});

describe('shardOf', () => {
  it('is the same for ever: another one would lead a user to a host that has nothing of them', () => {
    expect(shardOf('0b5c8a5e-3f1d-4c55-9d4a-0d6f2a3f9a11', 16)).toBe(0);
    expect(shardOf('user-1', 16)).toBe(4);
    expect(shardOf('user-1', 1_000)).toBe(52);
  });

  it('spreads users evenly', () => {
    const counts = Array.from({ length: 16 }, () => 0);
    for (let i = 0; i < 16_000; i++) {
      const shard = shardOf(`user-${i}`, 16);
      counts[shard] = (counts[shard] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(850);
    expect(Math.max(...counts)).toBeLessThan(1150);
  });
});

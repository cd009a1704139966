import { defaultProfile } from '@top-active/core/domain';
import { describe, expect, it } from 'vitest';
import { instructionsOf } from './instructions.ts';

const owner = { ...defaultProfile, name: 'Ana Souza', about: 'Limpeza de pele, R$ 180.' };
const now = Date.parse('2026-11-24T11:05:00.000Z');

describe('instructionsOf', () => {
  it("tells who, when on the owner's clock, the opening hours and what the business is", () => {
    const text = instructionsOf({ owner, now, calendar: true });
    expect(text).toContain('on behalf of Ana Souza');
    expect(text).toContain('It is 08:05 on Tuesday, 2026-11-24 in America/Sao_Paulo');
    expect(text).toContain('mon: 09:00-12:00, 13:00-18:00');
    expect(text).toContain('sun: closed');
    expect(text).toContain('Limpeza de pele, R$ 180.');
    expect(text).toContain('takes 60 minutes');
  });

  it('demands the tools where there is a calendar, and forbids times where there is none', () => {
    expect(instructionsOf({ owner, now, calendar: true })).toContain('call find_free_slots');
    const without = instructionsOf({ owner, now, calendar: false });
    expect(without).not.toContain('find_free_slots');
    expect(without).toContain('name no time');
  });
});

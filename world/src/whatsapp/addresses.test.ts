import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindOf, lidOf, registrationCandidates } from './addresses.ts';

describe('addresses', () => {
  it('look for a Brazilian mobile with and without its ninth digit', () => {
    expect(registrationCandidates('5531988887777')).toEqual(['5531988887777', '553188887777']);
    expect(registrationCandidates('553188887777')).toEqual(['553188887777', '5531988887777']);
    expect(registrationCandidates('351912345678')).toEqual(['351912345678']);
  });

  it('hide a number behind 15 digits that stay the same', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{8,15}$/), (number) => {
        expect(lidOf(number)).toMatch(/^\d{15}@lid$/);
        expect(lidOf(number)).toBe(lidOf(number));
      }),
    );
  });

  it('tell people, groups, newsletters and status apart', () => {
    expect(['5511900000001', '1203@g.us', '1203@newsletter', 'status@broadcast'].map(kindOf)).toEqual([
      'user',
      'group',
      'newsletter',
      'status',
    ]);
  });
});

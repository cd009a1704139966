import { describe, expect, it } from 'vitest';
import { readOptions } from './options.ts';

describe('the command line', () => {
  it('says what to deploy, and asks before permissions grow unless told otherwise', () => {
    expect(readOptions(['all', '--stage', 'prod'])).toMatchObject({
      what: 'all',
      stage: 'prod',
      approval: 'broadening',
      onlyCheck: false,
    });
    expect(readOptions(['web', '--stage', 'dev', '--rollback'])).toMatchObject({ what: 'web', rollback: true });
    expect(readOptions(['all', '--help'])).toBe('help');
  });

  it.each([
    [['all'], /--stage is missing/],
    [['all', '--stage', 'prod', '--rollback'], /npm run deploy -- web/],
    [['all', '--stage', 'prod', '--account', '12'], /12 digits/],
    [['all', '--stage', 'prod', '--require-approval', 'always'], /one of broadening, any-change, never/],
    [['all', '--stage', 'prod', '--force'], /--force/],
    [['all', 'prod'], /prod is not an option/],
  ])('refuses %j and says why', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});

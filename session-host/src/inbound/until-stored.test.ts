import { FencedError, logger, TransactionRefused } from '@top-active/aws';
import { describe, expect, it } from 'vitest';
import { untilStored } from './until-stored.ts';

const options = { what: 'message', log: { ...logger, warn: () => undefined, error: () => undefined } };

describe('a write', () => {
  it('is given up when DynamoDB will never take it: one message must not hold up the others', async () => {
    let tries = 0;
    const write = () => {
      tries++;
      return Promise.reject(new TransactionRefused(['none', 'invalid']));
    };
    const { signal } = new AbortController();
    expect(await untilStored(write, { ...options, signal })).toBeUndefined();
    expect(tries).toBe(1);
  });

  it('is not repeated when another host has the user', async () => {
    let tries = 0;
    const write = () => {
      tries++;
      return Promise.reject(new FencedError('Another'));
    };
    const { signal } = new AbortController();
    await expect(untilStored(write, { ...options, signal })).rejects.toThrow(FencedError);
    expect(tries).toBe(1);
  });

  it('is repeated when others were faster', async () => {
    let tries = 0;
    const write = () =>
      ++tries === 1 ? Promise.reject(new TransactionRefused(['contention'])) : Promise.resolve('stored');
    expect(await untilStored(write, { ...options, signal: new AbortController().signal })).toBe('stored');
  });
});

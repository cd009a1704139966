import { describe, expect, it } from 'vitest';
import type { Usage } from '@top-active/cloud/metering';
import { leastOf, surplusOf } from './flow-meter.ts';

const get = (requests: number): Usage => ({
  service: 'dynamodb',
  action: 'GetItem',
  resource: 'items CHAT',
  amounts: { requests, readUnits: requests },
});
const sweep: Usage = { service: 'dynamodb', action: 'Query', resource: 'items PENDING', amounts: { requests: 1 } };

describe('of several rounds of a flow', () => {
  it('only what every one took belongs to it', () => {
    expect(leastOf([[get(2), sweep], [get(3)], [get(2)]])).toEqual([get(2)]);
    expect(leastOf([[get(2)], []])).toEqual([]);
    expect(leastOf([])).toEqual([]);
  });
});

describe('what one time has more of than another', () => {
  it('is never less than nothing', () => {
    expect(surplusOf([get(5), sweep], [get(2)])).toEqual([get(3), sweep]);
    expect(surplusOf([get(1)], [get(2)])).toEqual([]);
  });
});

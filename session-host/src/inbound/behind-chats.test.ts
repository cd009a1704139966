import { describe, expect, it } from 'vitest';
import { createBehindChats } from './behind-chats.ts';

const ana = 'ana@c.us';
const bia = 'bia@c.us';
const noon = new Date('2030-01-01T12:00:00.000Z');
const later = new Date('2030-01-01T12:05:00.000Z');

describe('chats of which something may be missing', () => {
  it('are behind since they first were', () => {
    const behind = createBehindChats();
    behind.add(ana, noon);
    behind.add(ana, later);
    expect(behind.all()).toEqual([{ peer: ana, since: noon, failures: 0 }]);
    expect([behind.get(ana)?.since, behind.get(bia)]).toEqual([noon, undefined]);
    behind.caughtUp(ana);
    expect(behind.all()).toEqual([]);
  });

  it('are tried later and later, and then no more until tries begin anew', () => {
    const behind = createBehindChats();
    behind.add(ana, noon);
    const pauses = Array.from({ length: 7 }, () => behind.failed(ana));
    expect(pauses).toEqual([1, 4, 16, 60, 240, undefined, undefined]);
    behind.forgetFailures();
    expect(behind.get(ana)).toEqual({ peer: ana, since: noon, failures: 0 });
    expect(behind.failed(ana)).toBe(1);
    expect(behind.failed(bia)).toBeUndefined();
  });

  it('hold back the time until when everything is stored, as long as they are tried', () => {
    const behind = createBehindChats();
    expect(behind.earliest()).toBeUndefined();
    behind.add(bia, later);
    behind.add(ana, noon);
    expect(behind.earliest()).toEqual(noon);
    for (let tries = 0; tries < 5; tries++) behind.failed(ana);
    expect(behind.earliest()).toEqual(noon);
    behind.failed(ana);
    expect(behind.earliest()).toEqual(later);
  });

  it('hold it back altogether while the history of one is missing', () => {
    const behind = createBehindChats();
    behind.add(ana, noon);
    behind.add(bia, undefined);
    expect(behind.earliest()).toBe(false);
    behind.caughtUp(bia);
    expect(behind.earliest()).toEqual(noon);
  });
});

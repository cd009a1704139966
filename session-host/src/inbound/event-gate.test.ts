import { describe, expect, it } from 'vitest';
import { createEventGate } from './event-gate.ts';

function open() {
  const admitted: string[] = [];
  const gate = createEventGate<string>((event) => void admitted.push(event));
  return { gate, admitted };
}

describe('the gate', () => {
  it('lets pass at once what nobody holds', () => {
    const { gate, admitted } = open();
    gate.pass('one');
    expect([admitted, gate.isHeld]).toEqual([['one'], false]);
  });

  it('holds what comes, and lets it pass in its order once nobody holds it any more', () => {
    const { gate, admitted } = open();
    const releases = [gate.hold(), gate.hold()];
    gate.pass('one');
    gate.pass('two');
    releases[0]?.();
    releases[0]?.();
    expect([admitted, gate.isHeld]).toEqual([[], true]);
    releases[1]?.();
    gate.pass('three');
    expect([admitted, gate.isHeld]).toEqual([['one', 'two', 'three'], false]);
  });

  it('lets each pass once, however often it is closed', () => {
    const { gate, admitted } = open();
    for (const event of ['one', 'two']) {
      const release = gate.hold();
      gate.pass(event);
      release();
    }
    expect(admitted).toEqual(['one', 'two']);
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noFaults } from './faults.ts';
import { createNoteStream } from './note-stream.ts';
import type { StoredNote } from './notes.ts';
import type { ServerFrame } from './wire.ts';

function note(seq: number): StoredNote {
  return { seq, note: { type: 'unread', chat: '1@c.us', unread: 0 } };
}

type Step = { kind: 'push' } | { kind: 'confirm'; picks: number[] } | { kind: 'reconnect' };

const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.constant<Step>({ kind: 'push' }) },
    { weight: 3, arbitrary: fc.array(fc.nat(30), { maxLength: 5 }).map<Step>((picks) => ({ kind: 'confirm', picks })) },
    { weight: 1, arbitrary: fc.constant<Step>({ kind: 'reconnect' }) },
  ),
  { maxLength: 80 },
);

describe('the notes of a connection', () => {
  it('are never counted as confirmed before every earlier one is, and come again until they are', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const stored: StoredNote[] = [];
        const confirmedByDevice = new Set<number>();
        const sent: number[] = [];
        let progress = { confirmed: 0, received: 0 };
        const connect = () =>
          createNoteStream({
            send: (frame: ServerFrame) => frame.t === 'note' && sent.push(frame.seq),
            faults: () => noFaults,
            start: progress,
            persist: (next) => (progress = next),
          });
        let stream = connect();
        for (const step of sequence) {
          if (step.kind === 'push') {
            stored.push(note(stored.length + 1));
            stream.push(note(stored.length));
          } else if (step.kind === 'confirm') {
            const seqs = step.picks.filter((seq) => sent.includes(seq));
            for (const seq of seqs) confirmedByDevice.add(seq);
            stream.confirm(seqs);
          } else {
            stream = connect();
            for (const missed of stored.filter(({ seq }) => seq > progress.confirmed)) stream.push(missed);
          }
          for (let seq = 1; seq <= progress.confirmed; seq += 1) expect(confirmedByDevice.has(seq)).toBe(true);
        }
        stream = connect();
        sent.length = 0;
        for (const missed of stored.filter(({ seq }) => seq > progress.confirmed)) stream.push(missed);
        const unconfirmed = stored.map(({ seq }) => seq).filter((seq) => !confirmedByDevice.has(seq));
        expect(sent).toEqual(expect.arrayContaining(unconfirmed));
        expect(sent).toEqual(sent.toSorted((a, b) => a - b));
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { noFaults, type Faults } from './faults.ts';
import { createPageConnection } from './page-connection.ts';
import type { ServerFrame } from './wire.ts';

const conflict: ServerFrame = { t: 'conflict' };
const answer: ServerFrame = { t: 'reply', n: 1, result: 'done' };

function open(faults: Partial<Faults> = {}) {
  const sent: unknown[] = [];
  const socket = { send: (text: string) => void sent.push(JSON.parse(text)), close: () => void sent.push('closed') };
  return { connection: createPageConnection(socket, () => ({ ...noFaults, ...faults })), sent };
}

describe('a page’s connection', () => {
  it('sends an answer before what was sent while it was worked out', () => {
    const { connection, sent } = open();
    connection.answerFirst(() => {
      connection.send(conflict);
      return answer;
    });
    connection.send(conflict);
    expect(sent).toEqual([answer, conflict, conflict]);
  });

  it('sends what was worked out also where there is no answer', () => {
    const { connection, sent } = open();
    connection.answerFirst(() => {
      connection.send(conflict);
      return undefined;
    });
    expect(sent).toEqual([conflict]);
  });

  it('lets nothing through on a dead link, once it is linked', () => {
    const { connection, sent } = open({ deadLink: true });
    connection.send(conflict);
    connection.phone = '5511999990000';
    connection.send(conflict);
    expect([sent, connection.isDead]).toEqual([[conflict], true]);
  });
});

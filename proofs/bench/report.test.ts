import { describe, expect, it } from 'vitest';
import type { FleetFigures } from './measure-fleet.ts';
import { rowsOf, troublesOf } from './report.ts';

function figures(factor: number): FleetFigures {
  const usage = (mb: number) => ({ node: { pssMb: 100, cpuMs: 0 }, browsers: { pssMb: mb * factor, cpuMs: 0 } });
  return {
    qrMs: [500 * factor],
    failedLinks: 0,
    usage: { 1: usage(100), 10: usage(900) },
    restarts: {
      10: [{ sessions: 10, ready: 10, ms: 2_000 * factor, cpuMs: { node: 400, browsers: 600 }, failures: [] }],
    },
    inbound,
  };
}

const inbound = {
  messages: 9,
  taken: 9,
  messagesPerSecond: 90,
  writtenPerSecond: 99,
  nodeCpuMs: 3,
  browserCpuMs: 6,
  wrongChats: 0,
};

describe('the report', () => {
  it('puts both sides beside each other, memory with the Node process where it says so', () => {
    const rows = rowsOf({ counts: [1, 10], own: figures(1), defaults: figures(2), latency: [80, 90] });
    const row = (figure: string) => rows.find((row) => row.figure.startsWith(figure));
    expect(row('memory per session at 10')).toMatchObject({ ours: 90, libraryDefaults: 180, ratio: 0.5 });
    expect(row('sessions per GB at 10')).toMatchObject({ ours: 10, libraryDefaults: 5.3, ratio: 1.9 });
    expect(row('restart → all 10')).toMatchObject({ ours: 2_000, libraryDefaults: 4_000, ratio: 0.5 });
    expect(row('restart of 10, CPU')).toMatchObject({ ours: 1_000, ratio: 1 });
    expect(row('sessions ready per second at 10')).toMatchObject({ ours: 5, libraryDefaults: 2.5, ratio: 2 });
    expect(row('restart → all 1 ')).toBeUndefined();
    expect(row('phone → screen, p95')).toEqual({
      figure: 'phone → screen, p95 (ms)',
      ours: 90,
      libraryDefaults: undefined,
      ratio: undefined,
    });
  });

  it('tells what failed', () => {
    const failed: FleetFigures = {
      ...figures(1),
      failedLinks: 2,
      restarts: {
        20: [{ sessions: 20, ready: 17, ms: 9_000, cpuMs: { node: 0, browsers: 0 }, failures: ['no page'] }],
      },
      inbound: undefined,
    };
    expect(troublesOf(figures(1))).toEqual([]);
    expect(troublesOf(failed)).toEqual([
      '2 attempts to link failed and were repeated',
      '17 of 20 ready after a restart: no page',
      'Inbound was not measured, since not every session was ready',
    ]);
    expect(troublesOf({ ...figures(1), inbound: { ...inbound, taken: 8, wrongChats: 1 } })).toEqual([
      'Only 8 of 9 messages were taken in time',
      '1 chats are not stored as they were written',
    ]);
  });
});

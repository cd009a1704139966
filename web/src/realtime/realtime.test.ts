import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeSocket } from '../testing/fake-socket.ts';
import { backoffDelay } from './backoff.ts';
import { createEventCursor } from './event-cursor.ts';
import { startRealtime, type ConnectionState } from './realtime.ts';

function run({ failTickets = 0 }: { failTickets?: number } = {}) {
  const sockets: FakeSocket[] = [];
  const states: ConnectionState[] = [];
  let tickets = 0;
  let reads = 0;
  const cursor = createEventCursor({
    read: async () => {
      reads += 1;
      return { items: [], seq: 0, reset: false };
    },
    apply: () => undefined,
    reset: () => undefined,
    start: 0,
  });
  const realtime = startRealtime({
    cursor,
    ticket: async () => {
      tickets += 1;
      if (tickets <= failTickets) throw new TypeError('away');
      return { ticket: `ticket-${tickets}` };
    },
    openSocket: (path, protocols) => {
      const socket = new FakeSocket(path, protocols);
      sockets.push(socket);
      return socket;
    },
    onState: (state) => states.push(state),
    isFinal: () => false,
    random: () => 0,
  });
  return { realtime, sockets, states, reads: () => reads };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('startRealtime', () => {
  it('opens with protocol and ticket, says so and reads the log', async () => {
    const { realtime, sockets, states, reads } = run();
    await vi.advanceTimersByTimeAsync(0);
    expect(sockets[0]?.path).toBe('/ws');
    expect(sockets[0]?.protocols).toEqual(['top-active.v1', 'ticket-1']);
    sockets[0]?.open();
    await vi.advanceTimersByTimeAsync(0);
    expect(states).toEqual(['connecting', 'online']);
    expect(reads()).toBe(1);
    realtime.close();
  });

  it('comes back by itself with a new ticket and reads what it missed', async () => {
    const { realtime, sockets, states, reads } = run();
    await vi.advanceTimersByTimeAsync(0);
    sockets[0]?.open();
    sockets[0]?.close();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sockets[1]?.protocols[1]).toBe('ticket-2');
    sockets[1]?.open();
    await vi.advanceTimersByTimeAsync(0);
    expect(states.at(-1)).toBe('online');
    expect(reads()).toBe(2);
    realtime.close();
  });

  it('waits longer after each failure and goes on trying', async () => {
    const { realtime, sockets } = run({ failTickets: 3 });
    await vi.advanceTimersByTimeAsync(499 + 999 + 1_999);
    expect(sockets).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(10);
    expect(sockets).toHaveLength(1);
    realtime.close();
  });

  it('pings while idle, and reconnects when no pong comes', async () => {
    const { realtime, sockets } = run();
    await vi.advanceTimersByTimeAsync(0);
    sockets[0]?.open();
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    expect(sockets[0]?.sent).toEqual(['{"type":"ping"}']);
    sockets[0]?.receive('{"type":"pong"}');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sockets).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(4 * 60_000 + 10_000 + 500);
    expect(sockets).toHaveLength(2);
    realtime.close();
  });

  it('reads the log with each pong, for a hint may be lost', async () => {
    const { realtime, sockets, reads } = run();
    await vi.advanceTimersByTimeAsync(0);
    sockets[0]?.open();
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    expect(reads()).toBe(1);
    sockets[0]?.receive('{"type":"pong"}');
    await vi.advanceTimersByTimeAsync(0);
    expect(reads()).toBe(2);
    realtime.close();
  });

  it('takes a new connection before the gateway ends the old one', async () => {
    const { realtime, sockets } = run();
    await vi.advanceTimersByTimeAsync(0);
    sockets[0]?.open();
    for (let minutes = 0; minutes < 105; minutes += 1) {
      await vi.advanceTimersByTimeAsync(60_000);
      for (const socket of sockets) {
        if (socket.readyState === WebSocket.CONNECTING) socket.open();
        socket.receive('{"type":"pong"}');
      }
    }
    expect(sockets).toHaveLength(2);
    expect(sockets[0]?.readyState).toBe(WebSocket.CLOSED);
    realtime.close();
  });

  it('is still after closing', async () => {
    const { realtime, sockets } = run();
    await vi.advanceTimersByTimeAsync(0);
    realtime.close();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(sockets).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('backoffDelay', () => {
  it('doubles up to its cap and never falls below half of it', () => {
    expect([0, 1, 2, 10].map((attempt) => backoffDelay(attempt, { random: () => 0 }))).toEqual([
      500, 1_000, 2_000, 15_000,
    ]);
    expect(backoffDelay(10, { random: () => 0.999 })).toBeLessThanOrEqual(30_000);
  });
});

import { realtimeProtocol, serverFrameSchema, type ClientFrame } from '@top-active/core/contracts';
import { backoffDelay } from './backoff.ts';
import type { EventCursor } from './event-cursor.ts';

export type ConnectionState = 'connecting' | 'online' | 'reconnecting' | 'offline';

/** As much of a WebSocket as is used here. */
export interface Socket {
  readonly readyState: number;
  send(data: string): void;
  close(): void;
  addEventListener(type: 'open' | 'close' | 'message', listener: (event: Event) => void): void;
}

export interface RealtimeOptions {
  cursor: EventCursor;
  ticket: () => Promise<{ ticket: string }>;
  openSocket: (path: string, protocols: string[]) => Socket;
  onState: (state: ConnectionState) => void;
  /** Problems that a new attempt can't cure (the session is over). */
  isFinal: (error: unknown) => boolean;
  random?: (() => number) | undefined;
}

/** API Gateway closes a connection after 10 idle minutes and any after 2 hours: stay clear of both. */
const pingEvery = 5 * 60_000;
const pongWithin = 10_000;
const renewAfter = 100 * 60_000;
const openWithin = 15_000;

/**
 * Keeps one WebSocket open for as long as it runs: fresh ticket for each attempt, growing pauses with jitter, a
 * catch-up after every opening. It never gives up; `close()` ends it.
 */
export function startRealtime(options: RealtimeOptions) {
  const { cursor, openSocket, onState, random = Math.random } = options;
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let socket: Socket | undefined;
  let attempt = 0;
  /** Counts connections begun: what an overtaken one still reports is not heard. */
  let turn = 0;
  let everOpen = false;
  let closed = false;
  let pong: ReturnType<typeof setTimeout> | undefined;

  addEventListener('online', connectNow);
  addEventListener('offline', goOffline);
  document.addEventListener('visibilitychange', wake);
  connectNow();

  function connectNow(): void {
    clearTimers();
    attempt = 0;
    drop();
    begin();
  }

  function begin(): void {
    turn += 1;
    const mine = turn;
    connect(mine).catch((error: unknown) => {
      if (mine === turn) retry(error);
    });
  }

  async function connect(mine: number): Promise<void> {
    onState(everOpen ? 'reconnecting' : 'connecting');
    const { ticket } = await options.ticket();
    if (closed || mine !== turn) return;
    const opened = openSocket('/ws', [realtimeProtocol, ticket]);
    socket = opened;
    const late = after(openWithin, () => opened.close());
    opened.addEventListener('open', () => {
      cancel(late);
      ready();
    });
    opened.addEventListener('message', (event) => receive(event instanceof MessageEvent ? event.data : undefined));
    opened.addEventListener('close', () => {
      if (socket !== opened) return;
      socket = undefined;
      retry();
    });
  }

  function ready(): void {
    attempt = 0;
    everOpen = true;
    onState('online');
    cursor.catchUp().catch(retryReading);
    schedulePing();
    after(renewAfter + random() * 10 * 60_000, connectNow);
  }

  function receive(data: unknown): void {
    const frame = typeof data === 'string' ? serverFrameSchema.safeParse(parseJson(data)) : undefined;
    if (!frame?.success) return;
    if (frame.data.type === 'hint') cursor.hear(frame.data.event).catch(retryReading);
    else hearPong();
  }

  /** A hint that was lost on the way is made up for by then, where somebody is looking. */
  function hearPong(): void {
    if (pong !== undefined) cancel(pong);
    if (document.visibilityState === 'visible') cursor.catchUp().catch(retryReading);
  }

  function schedulePing(): void {
    after(pingEvery, () => {
      socket?.send(JSON.stringify({ type: 'ping' } satisfies ClientFrame));
      pong = after(pongWithin, () => socket?.close());
      schedulePing();
    });
  }

  /** The socket stands but the log couldn't be read: a new connection reads it again. */
  function retryReading(error: unknown): void {
    drop();
    retry(error);
  }

  function retry(error?: unknown): void {
    clearTimers();
    if (closed || options.isFinal(error)) return;
    onState(navigator.onLine ? 'reconnecting' : 'offline');
    after(backoffDelay(attempt, { random }), begin);
    attempt += 1;
  }

  function goOffline(): void {
    clearTimers();
    drop();
    onState('offline');
  }

  /** A sleeping laptop loses hints without a word: whoever comes back reads the log. */
  function wake(): void {
    if (document.visibilityState !== 'visible') return;
    if (socket?.readyState === WebSocket.OPEN) cursor.catchUp().catch(retryReading);
    else if (navigator.onLine) connectNow();
  }

  function drop(): void {
    turn += 1;
    const old = socket;
    socket = undefined;
    old?.close();
  }

  function after(milliseconds: number, task: () => void): ReturnType<typeof setTimeout> {
    const timer = setTimeout(() => {
      timers.delete(timer);
      task();
    }, milliseconds);
    timers.add(timer);
    return timer;
  }

  function cancel(timer: ReturnType<typeof setTimeout>): void {
    clearTimeout(timer);
    timers.delete(timer);
  }

  function clearTimers(): void {
    for (const timer of timers) clearTimeout(timer);
    timers.clear();
  }

  return {
    close(): void {
      closed = true;
      clearTimers();
      drop();
      removeEventListener('online', connectNow);
      removeEventListener('offline', goOffline);
      document.removeEventListener('visibilitychange', wake);
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

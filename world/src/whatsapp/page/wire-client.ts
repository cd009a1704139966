import type { ClientFrame, Hello, RequestName, RequestParams, RequestResults } from '../requests.ts';
import type { ServerFrame } from '../wire.ts';
import { createReconnectPauses } from './reconnect-pauses.ts';

/** As the library expects it of WhatsApp's own server errors. */
export class ServerStatusCodeError extends Error {
  override readonly name = 'ServerStatusCodeError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

type PushFrame = Exclude<ServerFrame, { t: 'reply' } | { t: 'failure' }>;

export interface WireClient {
  connect(): void;
  /** Closes, and tries no more until `connect`. */
  stop(): void;
  /** Closes, and connects anew after a while. */
  reconnect(): void;
  /** Closes, and connects anew at once; what is asked meanwhile waits for it. */
  restart(): void;
  /** Tries to connect now, where it waits to. @throws Error when it was never to connect */
  hurry(): void;
  send(frame: ClientFrame): void;
  /**
   * Waits for a connection, and for the answer for as long as it takes: what a lost connection left unanswered is asked
   * again on the next one. `once`: rejects instead of being asked again.
   * @throws ServerStatusCodeError when refused; Error when it was to be asked once and the connection is lost
   */
  request<Name extends RequestName>(
    name: Name,
    params: RequestParams<Name>,
    options?: { timeoutMs?: number; once?: boolean },
  ): Promise<RequestResults[Name]>;
}

export interface WireEvents {
  hello: () => Omit<Hello, 't'>;
  frame: (frame: PushFrame) => void;
  closed: () => void;
  /** By how much pauses between two tries to connect are shorter than WhatsApp's own. */
  scale: () => number;
}

interface Pending {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
  timer: number | undefined;
  frame: ClientFrame;
  once: boolean;
}

export function createWireClient(events: WireEvents): WireClient {
  const pending = new Map<number, Pending>();
  let socket: WebSocket | undefined;
  let stopped = false;
  let n = 0;
  let nextTry: number | undefined;
  /** When the server greeted this page; undefined: there is no connection to ask anything on. */
  let greetedAt: number | undefined;
  const pauses = createReconnectPauses(events.scale);

  function connect(): void {
    stopped = false;
    clearTimeout(nextTry);
    const opened = new WebSocket(`wss://${location.host}/ws/chat`);
    socket = opened;
    opened.addEventListener('open', () => send({ t: 'hello', ...events.hello() }));
    opened.addEventListener('message', (event) => receive(JSON.parse(String(event.data))));
    opened.addEventListener('close', () => closed(opened));
  }

  function closed(which: WebSocket): void {
    if (which !== socket) return;
    socket = undefined;
    if (greetedAt !== undefined) pauses.ended(performance.now() - greetedAt);
    greetedAt = undefined;
    abandon(({ once }) => once);
    events.closed();
    nextTry = setTimeout(() => {
      if (!stopped) connect();
    }, pauses.next());
  }

  function abandon(which: (question: Pending) => boolean): void {
    for (const [number, question] of pending) {
      if (!which(question)) continue;
      pending.delete(number);
      clearTimeout(question.timer);
      question.reject(new Error('The connection was lost.'));
    }
  }

  function greeted(): void {
    if (greetedAt !== undefined) return;
    greetedAt = performance.now();
    for (const { frame } of pending.values()) send(frame);
  }

  function receive(frame: ServerFrame): void {
    if (frame.t === 'welcome' || frame.t === 'sync') greeted();
    if (frame.t !== 'reply' && frame.t !== 'failure') {
      events.frame(frame);
      return;
    }
    const question = pending.get(frame.n);
    if (question === undefined) return;
    pending.delete(frame.n);
    clearTimeout(question.timer);
    if (frame.t === 'reply') question.resolve(frame.result);
    else question.reject(new ServerStatusCodeError(frame.status, frame.message));
  }

  function send(frame: ClientFrame): void {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
  }

  return {
    connect,
    stop() {
      stopped = true;
      const closing = socket;
      socket = undefined;
      closing?.close();
      greetedAt = undefined;
      clearTimeout(nextTry);
      abandon(() => true);
    },
    reconnect: () => socket?.close(),
    restart() {
      const closing = socket;
      socket = undefined;
      closing?.close();
      greetedAt = undefined;
      abandon(() => true);
      connect();
    },
    hurry() {
      if (n === 0 && socket === undefined && nextTry === undefined) throw new Error('Nothing was to connect yet.');
      if (stopped || socket !== undefined) return;
      pauses.reset();
      connect();
    },
    send,
    request(name, params, { timeoutMs, once = false } = {}) {
      if (once && greetedAt === undefined) return Promise.reject(new Error('There is no connection.'));
      n += 1;
      const number = n;
      return new Promise((resolve, reject) => {
        const timer =
          timeoutMs === undefined
            ? undefined
            : setTimeout(() => {
                pending.delete(number);
                reject(new ServerStatusCodeError(408, `WhatsApp did not answer "${name}".`));
              }, timeoutMs);
        const frame: ClientFrame = { t: 'request', n: number, name, params };
        pending.set(number, { resolve: (result) => resolve(Object(result)), reject, timer, frame, once });
        if (greetedAt !== undefined) send(frame);
      });
    },
  };
}

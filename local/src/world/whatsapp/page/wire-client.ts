import type { ClientFrame, Hello, RequestName, RequestParams, RequestResults } from '../requests.ts';
import type { ServerFrame } from '../wire.ts';

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
  send(frame: ClientFrame): void;
  /** @throws ServerStatusCodeError when refused; Error when the connection is lost or no answer comes */
  request<Name extends RequestName>(
    name: Name,
    params: RequestParams<Name>,
    options?: { timeoutMs?: number },
  ): Promise<RequestResults[Name]>;
}

export interface WireEvents {
  hello: () => Omit<Hello, 't'>;
  frame: (frame: PushFrame) => void;
  closed: () => void;
}

interface Pending {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
  timer: number;
}

const answerTimeoutMs = 30_000;
const firstPauseMs = 100;
const longestPauseMs = 5000;

export function createWireClient(events: WireEvents): WireClient {
  const pending = new Map<number, Pending>();
  /** Asked while the connection was being opened. */
  const waiting: ClientFrame[] = [];
  let socket: WebSocket | undefined;
  let stopped = false;
  let pauseMs = firstPauseMs;
  let n = 0;

  function connect(): void {
    stopped = false;
    const opened = new WebSocket(`wss://${location.host}/ws/chat`);
    socket = opened;
    opened.addEventListener('open', () => {
      send({ t: 'hello', ...events.hello() });
      for (const frame of waiting.splice(0)) send(frame);
    });
    opened.addEventListener('message', (event) => receive(JSON.parse(String(event.data))));
    opened.addEventListener('close', () => closed(opened));
  }

  function closed(which: WebSocket): void {
    if (which !== socket) return;
    socket = undefined;
    abandon();
    events.closed();
    setTimeout(() => {
      if (!stopped) connect();
    }, pauseMs);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }

  function abandon(): void {
    for (const { reject, timer } of pending.values()) {
      clearTimeout(timer);
      reject(new Error('The connection was lost.'));
    }
    pending.clear();
    waiting.length = 0;
  }

  function receive(frame: ServerFrame): void {
    if (frame.t === 'welcome' || frame.t === 'sync') pauseMs = firstPauseMs;
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
      abandon();
    },
    reconnect: () => socket?.close(),
    restart() {
      const closing = socket;
      socket = undefined;
      closing?.close();
      abandon();
      connect();
    },
    send,
    request(name, params, { timeoutMs = answerTimeoutMs } = {}) {
      const state = socket?.readyState;
      if (state !== WebSocket.OPEN && state !== WebSocket.CONNECTING)
        return Promise.reject(new Error('There is no connection.'));
      n += 1;
      const number = n;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          pending.delete(number);
          reject(new ServerStatusCodeError(408, `WhatsApp did not answer "${name}".`));
        }, timeoutMs);
        pending.set(number, { resolve: (result) => resolve(Object(result)), reject, timer });
        const frame: ClientFrame = { t: 'request', n: number, name, params };
        if (state === WebSocket.OPEN) send(frame);
        else waiting.push(frame);
      });
    },
  };
}

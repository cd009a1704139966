import { base, control, type WorldEvent } from './api.ts';

const eventKinds: Record<WorldEvent['kind'], true> = {
  'phone-added': true,
  'phone-changed': true,
  'contact-changed': true,
  'number-changed': true,
  'link-waiting': true,
  'link-idle': true,
  'link-refused': true,
  'passkey-demanded': true,
  'link-code': true,
  'pairing-code-requested': true,
  linked: true,
  unlinked: true,
  'device-connected': true,
  'device-disconnected': true,
  'device-rewound': true,
  message: true,
  ack: true,
  edit: true,
  revoke: true,
  reaction: true,
  vote: true,
  read: true,
  'chat-changed': true,
  typing: true,
  presence: true,
  'faults-changed': true,
  'page-changed': true,
  'missing-module': true,
  'page-error': true,
};

const shortestPauseMs = 500;
const longestPauseMs = 8_000;

export interface Listener {
  onEvent(event: WorldEvent): void;
  /** The stream runs from now on: load everything, since what happened before isn't told. */
  onConnected(): void;
  onLost(): void;
}

/**
 * Follows the world for as long as the page lives. Each connection begins at the newest event, so that a world that was
 * started anew, with its counter at zero, is followed like any other. Answers the function that ends it.
 */
export function followWorld(listener: Listener): () => void {
  let source: EventSource | undefined;
  let timer: number | undefined;
  let pause = shortestPauseMs;
  let ended = false;

  async function connect(): Promise<void> {
    try {
      const last = await control.lastEvent();
      if (ended) return;
      source = new EventSource(`${base}/events?after=${last}`);
    } catch {
      // Told to the person by `onLost`, and tried again.
      lose();
      return;
    }
    source.addEventListener('open', () => {
      pause = shortestPauseMs;
      listener.onConnected();
    });
    source.addEventListener('error', lose);
    for (const kind of Object.keys(eventKinds)) {
      source.addEventListener(kind, ({ data }: MessageEvent<string>) => {
        const event: WorldEvent = JSON.parse(data);
        listener.onEvent(event);
      });
    }
  }

  function lose(): void {
    source?.close();
    if (ended) return;
    listener.onLost();
    clearTimeout(timer);
    timer = window.setTimeout(() => void connect(), pause);
    pause = Math.min(pause * 2, longestPauseMs);
  }

  void connect();
  return () => {
    ended = true;
    clearTimeout(timer);
    source?.close();
  };
}

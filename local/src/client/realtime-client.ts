import { realtimeProtocol, serverFrameSchema, type UserEvent } from '@top-active/core/contracts';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { ApiClient } from './api-client.ts';

export interface RealtimeClient {
  /** Sequence number up to which every event was taken. */
  readonly seq: number;
  close(): void;
}

/**
 * Follows a user's event log as the web app does: hints over the WebSocket, gaps filled over HTTP.
 * @param options.onEvent called once for each event, in order.
 */
export async function followEvents({
  api,
  onEvent,
}: {
  api: ApiClient;
  onEvent: (event: UserEvent) => void;
}): Promise<RealtimeClient> {
  let { seq } = await api.call('GET /api/events', { query: { after: 0 } });
  const { ticket } = await api.call('POST /api/realtime/ticket');
  const socket = new WebSocket(`${api.origin.replace('http', 'ws')}/ws`, [realtimeProtocol, ticket], {
    origin: api.origin,
  });
  let filling: Promise<void> | undefined;
  socket.on('message', (data: Buffer) => {
    const frame = serverFrameSchema.parse(JSON.parse(data.toString()));
    if (frame.type !== 'hint') return;
    if (frame.event.seq === seq + 1 && !filling) take(frame.event);
    else if (frame.event.seq > seq) filling ??= fill().finally(() => (filling = undefined));
  });
  await once(socket, 'open', { signal: AbortSignal.timeout(15_000) });
  await fill();

  function take(event: UserEvent): void {
    seq = event.seq;
    onEvent(event);
  }

  async function fill(): Promise<void> {
    for (;;) {
      const page = await api.call('GET /api/events', { query: { after: seq } });
      for (const event of page.items) if (event.seq > seq) take(event);
      if (seq >= page.seq) return;
    }
  }

  return {
    get seq() {
      return seq;
    },
    close: () => socket.close(),
  };
}

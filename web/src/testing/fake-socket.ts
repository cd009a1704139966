import type { UserEvent } from '@top-active/core/contracts';
import type { Socket } from '../realtime/realtime.ts';

/** The server's end of a WebSocket, for tests: says what a test tells it to. */
export class FakeSocket extends EventTarget implements Socket {
  readonly path: string;
  readonly protocols: readonly string[];
  readonly sent: string[] = [];
  readyState: 0 | 1 | 2 | 3 = WebSocket.CONNECTING;

  constructor(path: string, protocols: readonly string[]) {
    super();
    this.path = path;
    this.protocols = protocols;
  }

  send(data: string): void {
    this.sent.push(data);
  }

  close(): void {
    if (this.readyState === WebSocket.CLOSED) return;
    this.readyState = WebSocket.CLOSED;
    this.dispatchEvent(new Event('close'));
  }

  open(): void {
    this.readyState = WebSocket.OPEN;
    this.dispatchEvent(new Event('open'));
  }

  hint(event: UserEvent): void {
    this.receive(JSON.stringify({ type: 'hint', event }));
  }

  receive(data: string): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}

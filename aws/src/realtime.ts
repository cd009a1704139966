import type { ServerFrame } from '@top-active/core/contracts';

/** The WebSocket API's @connections. */
export interface Realtime {
  /** `gone`: nobody is at the other end any more. @throws for anything else that fails */
  push(connectionId: string, frame: ServerFrame): Promise<'sent' | 'gone'>;
  disconnect(connectionId: string): Promise<void>;
}

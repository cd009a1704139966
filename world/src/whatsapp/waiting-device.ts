import type { ServerFrame } from './wire.ts';

/** A page that waits to be linked. */
export interface WaitingDevice {
  id: string;
  noiseKey: string;
  identityKey: string;
  /** Changes with the way of linking. */
  secret: string | null;
  send(frame: ServerFrame): void;
}

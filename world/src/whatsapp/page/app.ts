import type { ConnectionRefusal } from '../types.ts';
import type { Overlays } from '../wire.ts';
import type { Collections } from './collections.ts';
import type { DeviceRecord, DeviceStore } from './device-store.ts';
import { Emitter } from './emitter.ts';
import type { IdentityMap } from './identity.ts';
import { modelWith } from './model.ts';
import type { WireClient } from './wire-client.ts';

type SocketState =
  | ('UNLAUNCHED' | 'OPENING' | 'UNPAIRED' | 'UNPAIRED_IDLE' | 'PAIRING' | 'CONNECTED' | 'CONFLICT' | 'TIMEOUT')
  | ConnectionRefusal;

interface SocketAttributes {
  state: SocketState;
  stream: 'CONNECTED' | 'DISCONNECTED' | 'SYNCING';
  /** Not even false before the first sync. */
  hasSynced: boolean | undefined;
}
export class SocketModel extends modelWith<SocketAttributes>() {}

interface ConnAttributes {
  ref: string | undefined;
  pushname: string | undefined;
  platform: string | undefined;
}
export class ConnModel extends modelWith<ConnAttributes>() {}

interface StreamAttributes {
  available: boolean;
  mode: string;
  info: string;
  /** A newer version of the page is there. */
  needsUpdate: boolean;
}
export class StreamModel extends modelWith<StreamAttributes>() {}

/** Commands are functions that the modules add, under WhatsApp's names. */
export class CommandEmitter extends Emitter {
  [command: string]: unknown;
}

/** What the parts of the page share. */
export interface App {
  socket: SocketModel;
  conn: ConnModel;
  stream: StreamModel;
  cmd: CommandEmitter;
  collections: Collections;
  identity: IdentityMap;
  store: DeviceStore;
  device: DeviceRecord;
  wire: WireClient;
  /** Percentage of what came in while offline, for the loading screen. */
  offlineProgress: number;
  requireLidLookup: boolean;
  /** A new chat with a person goes by the hidden id, also where a number was asked for. */
  opensChatsByHiddenId: boolean;
  /** Faults that the page acts out while it runs. */
  acted: Overlays['acted'];
}

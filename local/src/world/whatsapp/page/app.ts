import { Collection } from './collection.ts';
import type { DeviceRecord, DeviceStore } from './device-store.ts';
import { Emitter } from './emitter.ts';
import type { IdentityMap } from './identity.ts';
import { Model } from './model.ts';
import type { ChatModel, ContactModel, GroupMetadataModel, MsgModel, PlainModel, ReactionsModel } from './models.ts';
import type { WireClient } from './wire-client.ts';

export type SocketState = 'OPENING' | 'UNPAIRED' | 'UNPAIRED_IDLE' | 'PAIRING' | 'CONNECTED' | 'CONFLICT' | 'TIMEOUT';

export interface SocketModel {
  state: SocketState;
  stream: 'CONNECTED' | 'DISCONNECTED' | 'SYNCING';
  hasSynced: boolean;
}
export class SocketModel extends Model {}

export interface ConnModel {
  ref: string | undefined;
  pushname: string | undefined;
  platform: string | undefined;
}
export class ConnModel extends Model {}

export interface StreamModel {
  available: boolean;
  mode: string;
  info: string;
}
export class StreamModel extends Model {}

export interface Collections {
  Msg: Collection<MsgModel>;
  Chat: Collection<ChatModel>;
  Contact: Collection<ContactModel>;
  GroupMetadata: Collection<GroupMetadataModel>;
  Newsletter: Collection<ChatModel>;
  Reactions: Collection<ReactionsModel>;
  Blocklist: Collection<PlainModel>;
}

/** What the parts of the page share. */
export interface App {
  socket: SocketModel;
  conn: ConnModel;
  stream: StreamModel;
  cmd: Emitter & Record<string, unknown>;
  collections: Collections;
  identity: IdentityMap;
  store: DeviceStore;
  device: DeviceRecord;
  wire: WireClient;
  /** Percentage of what came in while offline, for the loading screen. */
  offlineProgress: number;
  requireLidLookup: boolean;
}

import type { RequestParams } from '../requests.ts';

/**
 * What makes this browser profile a linked device, kept in IndexedDB as the real page keeps it: a copy of the
 * profile is a copy of the session.
 */
export interface DeviceRecord {
  id: string;
  /** Null until linked. */
  token: string | null;
  /** Non-extractable in the real page; here they only fill the QR code. */
  noiseKey: Uint8Array;
  identityKey: Uint8Array;
  /** Part of the QR code; there is none while a code to type is wanted. */
  advSecret: string | undefined;
}

export interface StoredMessage {
  key: string;
  t: number;
  type: string;
  text: string;
}

type UnsentMessage = RequestParams<'send'>;

export interface DeviceStore {
  /** The device of this profile; made new where there is none. */
  load(): Promise<DeviceRecord>;
  save(device: DeviceRecord): Promise<void>;
  /** How many notes this profile has ever stored. */
  received(): number;
  /** Stores messages and the count of notes in one transaction. */
  keep(messages: StoredMessage[], notes: number): Promise<void>;
  keepUnsent(message: UnsentMessage): Promise<void>;
  dropUnsent(key: string): Promise<void>;
  unsent(): Promise<UnsentMessage[]>;
  wipe(): Promise<void>;
}

const stores = ['user', 'message', 'unsent'] as const;
type StoreName = (typeof stores)[number];

export async function openDeviceStore(): Promise<DeviceStore> {
  const db = await open();
  let received = 0;

  function within<T>(
    names: StoreName[],
    mode: IDBTransactionMode,
    work: (tx: IDBTransaction) => IDBRequest<T> | null,
  ): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const tx = db.transaction(names, mode);
      const request = work(tx);
      tx.addEventListener('complete', () => resolve(request?.result));
      tx.addEventListener('error', () => reject(tx.error ?? new Error('IndexedDB failed.')));
      tx.addEventListener('abort', () => reject(tx.error ?? new Error('IndexedDB aborted.')));
    });
  }

  async function load(): Promise<DeviceRecord> {
    received = (await within<number>(['user'], 'readonly', (tx) => tx.objectStore('user').get('received'))) ?? 0;
    const known = await within<DeviceRecord>(['user'], 'readonly', (tx) => tx.objectStore('user').get('device'));
    // Every page begins with a code to scan.
    if (known !== undefined) return { ...known, advSecret: known.advSecret ?? newSecret() };
    const made = newDevice();
    await save(made);
    return made;
  }

  async function save(device: DeviceRecord): Promise<void> {
    await within(['user'], 'readwrite', (tx) => tx.objectStore('user').put(device, 'device'));
  }

  return {
    load,
    save,
    received: () => received,
    async keep(messages, notes) {
      received += notes;
      await within(['user', 'message'], 'readwrite', (tx) => {
        for (const message of messages) tx.objectStore('message').put(message, message.key);
        return tx.objectStore('user').put(received, 'received');
      });
    },
    async keepUnsent(message) {
      await within(['unsent'], 'readwrite', (tx) => tx.objectStore('unsent').put(message, message.key));
    },
    async dropUnsent(key) {
      await within(['unsent'], 'readwrite', (tx) => tx.objectStore('unsent').delete(key));
    },
    async unsent() {
      const all = await within<UnsentMessage[]>(['unsent'], 'readonly', (tx) => tx.objectStore('unsent').getAll());
      return all ?? [];
    },
    async wipe() {
      received = 0;
      await within([...stores], 'readwrite', (tx) => {
        for (const name of stores) tx.objectStore(name).clear();
        return null;
      });
      localStorage.clear();
    },
  };
}

function random(bytes: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(bytes));
}

function newDevice(): DeviceRecord {
  return {
    id: crypto.randomUUID(),
    token: null,
    noiseKey: random(32),
    identityKey: random(32),
    advSecret: newSecret(),
  };
}

export function newSecret(): string {
  return btoa(String.fromCharCode(...random(32)));
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('wawc', 1);
    request.addEventListener('upgradeneeded', () => {
      for (const name of stores) request.result.createObjectStore(name);
    });
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB does not open.')));
  });
}

import { clientFrameSchema, type ClientFrame, type Hello } from './requests.ts';
import type { Linking } from './linking.ts';
import { createNoteStream, type NoteStream } from './note-stream.ts';
import type { PageRequests } from './page-requests.ts';
import type { WorldParts } from './parts.ts';
import { pageFaults, resumption, snapshotOf } from './snapshot.ts';
import type { ServerFrame } from './wire.ts';

interface PageSocket {
  send(text: string): void;
  close(): void;
}

interface Connection {
  receive(text: string): void;
  closed(): void;
}

export interface Connections {
  accept(socket: PageSocket): Connection;
  connected(deviceId: string): boolean;
  /** To every connected linked device of the phone. Returns how many there were. */
  broadcast(phone: string, frame: ServerFrame): number;
  /** Closes the sockets of the phone's devices, and refuses them for a while. Returns how many there were. */
  drop(phone: string, downMs: number): number;
  unlink(deviceId: string, why: string): void;
  missingModules(): string[];
  close(): void;
}

interface State {
  socket: PageSocket;
  device: string;
  phone: string | undefined;
  stream: NoteStream | undefined;
  /** The page has said that it is in sync. */
  synced: boolean;
  /** Frames that must follow the answer which is being worked out. */
  afterAnswer: ServerFrame[] | undefined;
}

interface Dependencies {
  parts: WorldParts;
  linking: Linking;
  requests: PageRequests;
}

export function createConnections({ parts, linking, requests }: Dependencies): Connections {
  const { devices, notes, faults, events, now } = parts;
  const open = new Set<State>();
  const byDevice = new Map<string, State>();
  const refusedUntil = new Map<string, number>();
  const missing = new Set<string>();

  notes.onPost((phone, stored, except) => {
    for (const device of devices.of(phone)) {
      if (device.id !== except) byDevice.get(device.id)?.stream?.push(stored);
    }
  });

  function isDead(state: State): boolean {
    return state.phone !== undefined && faults.of(state.phone).deadLink;
  }

  function send(state: State, frame: ServerFrame): void {
    if (isDead(state)) return;
    if (state.afterAnswer === undefined) state.socket.send(JSON.stringify(frame));
    else state.afterAnswer.push(frame);
  }

  function hello(state: State, greeting: Hello): void {
    if ((refusedUntil.get(greeting.device) ?? 0) > now()) {
      state.socket.close();
      return;
    }
    refusedUntil.delete(greeting.device);
    state.device = greeting.device;
    const device = devices.get(greeting.device);
    if (device !== undefined && faults.of(device.phone).deadLink) {
      state.socket.close();
      return;
    }
    const isLinked = device !== undefined && greeting.token === device.token;
    const { refuseConnections } = faults.of(isLinked ? device.phone : undefined);
    if (refuseConnections !== 'no') {
      replace(state);
      send(state, { t: 'refused', state: refuseConnections, faults: pageFaults(faults.of()) });
      return;
    }
    if (isLinked) {
      resume(state, greeting);
      return;
    }
    if (greeting.token !== null) {
      send(state, { t: 'stale', reload: faults.of().staleSession === 'reload' });
      return;
    }
    replace(state);
    send(state, { t: 'welcome', faults: pageFaults(faults.of()) });
    const { noiseKey, identityKey, secret } = greeting;
    linking.wait({ id: greeting.device, noiseKey, identityKey, secret, send: (frame) => send(state, frame) });
  }

  /** WhatsApp lets one page per linked device be connected: the newest wins, and the other hears of a conflict. */
  function replace(state: State): void {
    const other = byDevice.get(state.device);
    if (other !== undefined && other !== state) {
      release(other);
      send(other, { t: 'conflict' });
      other.device = '';
    }
    byDevice.set(state.device, state);
  }

  function resume(state: State, greeting: Hello): void {
    const device = devices.get(greeting.device);
    if (device === undefined) return;
    replace(state);
    state.stream?.close();
    state.phone = device.phone;
    state.synced = greeting.resume;
    const received = rewind(device.phone, { ...greeting, known: device.received });
    const { id, phone } = device;
    // A page that starts anew gets everything with its snapshot; one that comes back gets what it hasn't confirmed.
    const confirmed = greeting.resume ? device.confirmed : notes.last();
    send(state, greeting.resume ? resumption(parts, phone) : snapshotOf(parts, phone));
    state.stream = createNoteStream({
      send: (frame) => send(state, frame),
      faults: () => faults.of(phone),
      start: { confirmed, received },
      persist: (progress) => persist(id, phone, progress),
    });
    const silent = faults.of(phone).silentCatchUp;
    for (const stored of notes.after({ phone, device: id, seq: confirmed })) state.stream.push(stored, { silent });
    devices.confirm(id, { confirmed, received });
    devices.seen(id);
    events.record({ kind: 'device-connected', phone, data: { device: id, resume: greeting.resume } });
  }

  /** A profile that has stored less than it once confirmed comes from an older copy: its ratchets are behind. */
  function rewind(phone: string, profile: { device: string; received: number; known: number }): number {
    const behind = profile.known - profile.received;
    if (behind > 0) events.record({ kind: 'device-rewound', phone, data: { device: profile.device, behind } });
    return behind > 0 ? profile.received : profile.known;
  }

  let sincePrune = 0;
  function persist(id: string, phone: string, progress: { confirmed: number; received: number }): void {
    devices.confirm(id, progress);
    sincePrune += 1;
    if (sincePrune < 200) return;
    sincePrune = 0;
    notes.prune(phone);
  }

  function receive(state: State, frame: ClientFrame): void {
    if (isDead(state)) return;
    switch (frame.t) {
      case 'hello':
        hello(state, frame);
        break;
      case 'secret':
        linking.changeSecret(state.device, frame.secret);
        break;
      case 'confirm':
        state.stream?.confirm(frame.seqs);
        break;
      case 'missing-module':
        missing.add(frame.name);
        events.record({ kind: 'missing-module', phone: state.phone, data: { name: frame.name } });
        break;
      case 'page-error':
        events.record({ kind: 'page-error', phone: state.phone, data: { message: frame.message } });
        break;
      case 'request':
        answer(state, frame);
        break;
    }
  }

  function answer(state: State, frame: ClientFrame & { t: 'request' }): void {
    const { n, name, params } = frame;
    // The first tick is the answer to `send` itself: the second must not overtake it.
    if (name === 'send') state.afterAnswer = [];
    const outcome = requests.handle({ device: state.device, phone: state.phone, name, params });
    const following = state.afterAnswer ?? [];
    state.afterAnswer = undefined;
    if (outcome.kind === 'refused') send(state, { t: 'failure', n, status: outcome.status, message: outcome.message });
    else if (outcome.kind === 'answer') send(state, { t: 'reply', n, result: outcome.result });
    for (const frame of following) send(state, frame);
    if (name === 'unlink') unlink(state.device, 'by the linked device');
    if (name === 'introduce') state.synced = true;
    if (name === 'exists' && !state.synced && state.phone !== undefined && faults.of(state.phone).flushDuringSync)
      unlink(state.device, 'it looked people up while it synced');
  }

  function release(state: State): void {
    state.stream?.close();
    state.stream = undefined;
    if (byDevice.get(state.device) !== state) return;
    byDevice.delete(state.device);
    linking.stop(state.device);
    if (state.phone === undefined) return;
    devices.seen(state.device);
    events.record({ kind: 'device-disconnected', phone: state.phone, data: { device: state.device } });
  }

  function unlink(deviceId: string, why: string): void {
    const phone = devices.get(deviceId)?.phone;
    const state = byDevice.get(deviceId);
    if (!devices.unlink(deviceId)) return;
    if (phone !== undefined) {
      notes.prune(phone);
      events.record({ kind: 'unlinked', phone, data: { device: deviceId, why } });
    }
    if (state === undefined) return;
    state.stream?.close();
    state.stream = undefined;
    state.phone = undefined;
    const { logoutReason: reason } = faults.of(phone);
    send(state, { t: 'logged-out', ...(reason !== '' && { reason }) });
  }

  function of(phone: string): State[] {
    return [...open].filter((state) => state.phone === phone && byDevice.get(state.device) === state);
  }

  return {
    accept(socket) {
      const state: State = {
        socket,
        device: '',
        phone: undefined,
        stream: undefined,
        synced: false,
        afterAnswer: undefined,
      };
      open.add(state);
      return {
        receive(text) {
          const frame = clientFrameSchema.safeParse(parseJson(text));
          if (frame.success) receive(state, frame.data);
          else events.record({ kind: 'page-error', phone: state.phone, data: { message: frame.error.message } });
        },
        closed() {
          if (!open.delete(state)) return;
          release(state);
        },
      };
    },
    connected: (deviceId) => byDevice.get(deviceId)?.stream !== undefined,
    broadcast(phone, frame) {
      const targets = of(phone);
      for (const state of targets) send(state, frame);
      return targets.length;
    },
    drop(phone, downMs) {
      const targets = of(phone);
      for (const state of targets) {
        refusedUntil.set(state.device, now() + downMs);
        release(state);
        state.socket.close();
      }
      return targets.length;
    },
    unlink,
    missingModules: () => [...missing].toSorted(),
    close() {
      for (const state of open) {
        release(state);
        state.socket.close();
      }
      open.clear();
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { createGreeting } from './greet-pages.ts';
import type { Linking } from './linking.ts';
import { createOpenConnections } from './open-connections.ts';
import { createPageConnection, type PageConnection, type PageSocket } from './page-connection.ts';
import type { PageRequests } from './page-requests.ts';
import type { WorldParts } from './parts.ts';
import { clientFrameSchema, type ClientFrame } from './requests.ts';
import { unlinkDevice } from './unlink-device.ts';
import type { ServerFrame } from './wire.ts';

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

interface Dependencies {
  parts: WorldParts;
  linking: Linking;
  requests: PageRequests;
}

export function createConnections({ parts, linking, requests }: Dependencies): Connections {
  const { devices, notes, faults, events } = parts;
  const open = createOpenConnections({ parts, linking });
  const greeting = createGreeting({ parts, linking, open });
  const missing = new Set<string>();

  notes.onPost((phone, stored, except) => {
    for (const device of devices.of(phone)) {
      if (device.id !== except) open.ofDevice(device.id)?.stream?.push(stored);
    }
  });

  function take(connection: PageConnection, frame: ClientFrame): void {
    const { phone } = connection;
    if (connection.isDead) return;
    switch (frame.t) {
      case 'hello':
        greeting.greet(connection, frame);
        break;
      case 'secret':
        linking.changeSecret(connection.device, frame.secret);
        break;
      case 'confirm':
        connection.stream?.confirm(frame.seqs);
        break;
      case 'missing-module':
        missing.add(frame.name);
        events.record({ kind: 'missing-module', phone, data: { name: frame.name } });
        break;
      case 'page-error':
        events.record({ kind: 'page-error', phone, data: { message: frame.message } });
        break;
      case 'request':
        answer(connection, frame);
        break;
    }
  }

  function answer(connection: PageConnection, frame: ClientFrame & { t: 'request' }): void {
    const { name } = frame;
    // The first tick is the answer to `send` itself: the second must not overtake it.
    if (name === 'send') connection.answerFirst(() => outcomeOf(connection, frame));
    else {
      const outcome = outcomeOf(connection, frame);
      if (outcome) connection.send(outcome);
    }
    if (name === 'unlink') unlink(connection.device, 'by the linked device');
    if (name === 'introduce') connection.synced = true;
    const { phone, synced } = connection;
    if (name === 'exists' && !synced && phone !== undefined && faults.of(phone).flushDuringSync)
      unlink(connection.device, 'it looked people up while it synced');
  }

  /** Undefined: the page is left without an answer. */
  function outcomeOf(
    { device, phone }: PageConnection,
    { n, name, params }: ClientFrame & { t: 'request' },
  ): ServerFrame | undefined {
    const outcome = requests.handle({ device, phone, name, params });
    if (outcome.kind === 'refused') return { t: 'failure', n, status: outcome.status, message: outcome.message };
    return outcome.kind === 'answer' ? { t: 'reply', n, result: outcome.result } : undefined;
  }

  function unlink(id: string, why: string): void {
    unlinkDevice({ parts, open }, { id, why });
  }

  return {
    accept(socket) {
      const connection = createPageConnection(socket, (id) => faults.of(id));
      open.add(connection);
      return {
        receive(text) {
          const frame = clientFrameSchema.safeParse(parseJson(text));
          if (frame.success) take(connection, frame.data);
          else events.record({ kind: 'page-error', phone: connection.phone, data: { message: frame.error.message } });
        },
        closed() {
          if (open.remove(connection)) open.release(connection);
        },
      };
    },
    connected: (deviceId) => open.ofDevice(deviceId)?.stream !== undefined,
    broadcast(phone, frame) {
      const targets = open.ofPhone(phone);
      for (const connection of targets) connection.send(frame);
      return targets.length;
    },
    drop(phone, downMs) {
      const targets = open.ofPhone(phone);
      for (const connection of targets) {
        greeting.refuse(connection.device, downMs);
        open.release(connection);
        connection.close();
      }
      return targets.length;
    },
    unlink,
    missingModules: () => [...missing].toSorted(),
    close() {
      for (const connection of open.all()) {
        open.remove(connection);
        open.release(connection);
        connection.close();
      }
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

import type { Linking } from './linking.ts';
import type { PageConnection } from './page-connection.ts';
import type { WorldParts } from './parts.ts';

/** The connections that are open, and which of them is its device's. */
export interface OpenConnections {
  add(connection: PageConnection): void;
  /** False when it was removed before. */
  remove(connection: PageConnection): boolean;
  ofDevice(id: string): PageConnection | undefined;
  /** Those of a phone's linked devices. */
  ofPhone(phone: string): PageConnection[];
  all(): PageConnection[];
  /** WhatsApp lets one page per linked device be connected: the newest wins, and the other hears of a conflict. */
  takePlace(connection: PageConnection): void;
  /** It is its device's no more. */
  release(connection: PageConnection): void;
}

export function createOpenConnections({
  parts: { devices, events },
  linking,
}: {
  parts: WorldParts;
  linking: Linking;
}): OpenConnections {
  const open = new Set<PageConnection>();
  const byDevice = new Map<string, PageConnection>();

  function release(connection: PageConnection): void {
    connection.endStream();
    const { device, phone } = connection;
    if (byDevice.get(device) !== connection) return;
    byDevice.delete(device);
    linking.stop(device);
    if (phone === undefined) return;
    devices.seen(device);
    events.record({ kind: 'device-disconnected', phone, data: { device } });
  }

  return {
    add: (connection) => void open.add(connection),
    remove: (connection) => open.delete(connection),
    ofDevice: (id) => byDevice.get(id),
    ofPhone: (phone) =>
      [...open].filter((connection) => connection.phone === phone && byDevice.get(connection.device) === connection),
    all: () => [...open],
    takePlace(connection) {
      const other = byDevice.get(connection.device);
      if (other !== undefined && other !== connection) {
        release(other);
        other.send({ t: 'conflict' });
        other.device = '';
      }
      byDevice.set(connection.device, connection);
    },
    release,
  };
}

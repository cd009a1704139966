import type { OpenConnections } from './open-connections.ts';
import type { WorldParts } from './parts.ts';

/** Unlinks a device for good, and tells its page, if that is connected. */
export function unlinkDevice(
  { parts: { devices, notes, faults, events }, open }: { parts: WorldParts; open: OpenConnections },
  { id, why }: { id: string; why: string },
): void {
  const phone = devices.get(id)?.phone;
  const connection = open.ofDevice(id);
  if (!devices.unlink(id)) return;
  if (phone !== undefined) {
    notes.prune(phone);
    events.record({ kind: 'unlinked', phone, data: { device: id, why } });
  }
  if (connection === undefined) return;
  connection.endStream();
  connection.phone = undefined;
  const { logoutReason: reason } = faults.of(phone);
  connection.send({ t: 'logged-out', ...(reason !== '' && { reason }) });
}

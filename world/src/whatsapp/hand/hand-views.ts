import { WhatsAppRefusal } from '../errors.ts';
import type { Phone, PhoneState } from '../types.ts';
import type { WorldCore } from '../world.ts';

/** A chat may be named by number, by `@c.us` or `@lid` id, or by a room's id. @throws WhatsAppRefusal not-found */
export function peerOf({ parts: { accounts, views } }: WorldCore, peer: string): string {
  const known = peer.includes('@') ? views.peerOf(peer) : accounts.findById(`${peer}@c.us`)?.number;
  if (known === undefined) throw new WhatsAppRefusal('not-found', `${peer} is nobody on WhatsApp.`);
  return known;
}

/** A phone with its linked devices, and what it asks of one that is being linked. */
export function stateOf({ parts, linking, connections }: WorldCore, phone: Phone): PhoneState {
  const { devices, faults, mailboxes, notes } = parts;
  const linked = devices.of(phone.number).map((device) => ({
    id: device.id,
    os: device.os,
    browser: device.browser,
    linkedAt: device.linked_at,
    seenAt: device.seen_at,
    connected: connections.connected(device.id),
    waiting: notes.waiting({ phone: phone.number, device: device.id, seq: device.confirmed }),
  }));
  const { passkeyAtLinking, compareCode } = faults.of(phone.number);
  const asked = {
    asksPasskey: passkeyAtLinking,
    asksCode: compareCode,
    challenge: linking.gate.challengeOf(phone.number),
    code: linking.gate.codeOf(phone.number),
  };
  return { ...phone, devices: linked, linking: asked, ...mailboxes.counts(phone.number) };
}

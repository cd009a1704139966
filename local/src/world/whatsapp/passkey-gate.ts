import { WhatsAppRefusal } from './errors.ts';
import type { EventLog } from './event-log.ts';
import type { WaitingDevice } from './linking.ts';

/**
 * Where WhatsApp may ask for a passkey before it links a device. This stand-in asks, but has no verifier: the link is
 * always refused, on the phone and on the page, with a reason that says so.
 */
export function refusePasskey(request: { number: string; device: WaitingDevice; events: EventLog }): WhatsAppRefusal {
  const reason = 'WhatsApp asks for a passkey here, which this stand-in does not support yet.';
  request.device.send({ t: 'link-refused', reason });
  request.events.record({
    kind: 'link-refused',
    phone: request.number,
    data: { device: request.device.id, why: 'passkey-required' },
  });
  return new WhatsAppRefusal('passkey-required', reason);
}

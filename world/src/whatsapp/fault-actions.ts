import { randomBytes } from 'node:crypto';
import type { FaultAction } from './faults.ts';
import type { WorldCore } from './world.ts';

/** Acts a one-time fault out on the linked devices of a phone. Returns how many connected pages it reached. */
export function applyFaultAction(
  core: WorldCore,
  input: { phone: string; action: FaultAction; peerOf: (peer: string) => string },
): number {
  const { connections, amendments, parts } = core;
  const { phone, action, peerOf } = input;
  switch (action.action) {
    case 'same-document-navigation':
      return connections.broadcast(phone, { t: 'navigate', how: 'push-state' });
    case 'reload':
      return connections.broadcast(phone, { t: 'navigate', how: 'reload', againAfterMs: action.againAfterMs });
    case 'crash-renderer':
      return connections.broadcast(phone, { t: 'navigate', how: 'crash' });
    case 'hang':
      return connections.broadcast(phone, { t: 'hang', ms: action.ms });
    case 'leak':
      return connections.broadcast(phone, { t: 'leak', mib: action.mib });
    case 'tell-battery':
      return connections.broadcast(phone, { t: 'battery', percent: action.percent, plugged: action.plugged });
    case 'ring':
      return connections.broadcast(phone, {
        t: 'call',
        call: {
          id: randomBytes(16).toString('hex').toUpperCase(),
          peer: parts.views.idOf(phone, peerOf(action.peer)),
          isVideo: action.video,
        },
      });
    case 'conflict':
      return connections.broadcast(phone, { t: 'conflict' });
    case 'drop-socket':
      return connections.drop(phone, action.downMs);
    case 'migrate-to-lid':
      amendments.changeId(phone, peerOf(action.peer), 'lid');
      break;
    case 'change-id':
      amendments.changeId(phone, peerOf(action.peer), action.to);
      break;
    case 'expire-media':
      parts.media.expire(action.media);
      break;
  }
  return parts.devices.of(phone).filter((device) => connections.connected(device.id)).length;
}

import type { DeviceRow } from './devices.ts';
import type { Faults } from './faults.ts';
import type { Hello } from './requests.ts';

/** What a page gets for its greeting. */
export type Reception =
  /** Its connection ends without a word. */
  | { kind: 'closed' }
  | { kind: 'refused'; state: Exclude<Faults['refuseConnections'], 'no'> }
  | { kind: 'resumed'; device: DeviceRow }
  /** Its device isn't linked any more. */
  | { kind: 'stale' }
  /** It isn't linked yet, and shows a code. */
  | { kind: 'waits' };

/**
 * @param options.device of this id; undefined: none was linked under it
 * @param options.isDown it was dropped, and is refused for a while
 * @param options.faultsOf those of a phone, or of devices that belong to none yet
 */
export function receive(
  hello: Hello,
  options: { device: DeviceRow | undefined; isDown: boolean; faultsOf: (phone?: string) => Faults },
): Reception {
  const { device, isDown, faultsOf } = options;
  if (isDown || (device !== undefined && faultsOf(device.phone).deadLink)) return { kind: 'closed' };
  const linked = device !== undefined && hello.token === device.token ? device : undefined;
  const { refuseConnections } = faultsOf(linked?.phone);
  if (refuseConnections !== 'no') return { kind: 'refused', state: refuseConnections };
  if (linked) return { kind: 'resumed', device: linked };
  return { kind: hello.token === null ? 'waits' : 'stale' };
}

/**
 * A profile that has stored less than it once confirmed comes from an older copy: its ratchets are behind.
 * @returns from which number of notes it goes on, and by how many it is behind
 */
export function rewound(
  hello: Pick<Hello, 'received'>,
  device: Pick<DeviceRow, 'received'>,
): { received: number; behind: number } {
  const behind = Math.max(0, device.received - hello.received);
  return { received: device.received - behind, behind };
}

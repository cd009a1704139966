import type { DeviceRow } from './devices.ts';
import { rewound } from './greeting.ts';
import { createNoteStream } from './note-stream.ts';
import type { PageConnection } from './page-connection.ts';
import type { WorldParts } from './parts.ts';
import type { Hello } from './requests.ts';
import { resumption, snapshotOf } from './snapshot.ts';

/** Notes that every linked device has confirmed are removed after so many confirmations. */
const pruneEvery = 200;

/** Connects pages of linked devices to what their phones are told, each from where it has confirmed. */
export function createResuming(parts: WorldParts) {
  const { devices, notes, faults, events } = parts;
  let sincePrune = 0;

  function persist({ id, phone }: DeviceRow, progress: { confirmed: number; received: number }): void {
    devices.confirm(id, progress);
    sincePrune += 1;
    if (sincePrune < pruneEvery) return;
    sincePrune = 0;
    notes.prune(phone);
  }

  return (connection: PageConnection, device: DeviceRow, hello: Hello): void => {
    const { id, phone } = device;
    connection.endStream();
    connection.phone = phone;
    connection.synced = hello.resume;
    const { received, behind } = rewound(hello, device);
    if (behind > 0) events.record({ kind: 'device-rewound', phone, data: { device: id, behind } });
    // A page that starts anew gets everything with its snapshot; one that comes back gets what it hasn't confirmed.
    const confirmed = hello.resume ? device.confirmed : notes.last();
    connection.send(hello.resume ? resumption(parts, phone) : snapshotOf(parts, phone));
    const stream = createNoteStream({
      send: (frame) => connection.send(frame),
      faults: () => faults.of(phone),
      start: { confirmed, received },
      persist: (progress) => persist(device, progress),
    });
    connection.stream = stream;
    const silent = faults.of(phone).silentCatchUp;
    for (const stored of notes.after({ phone, device: id, seq: confirmed })) stream.push(stored, { silent });
    devices.confirm(id, { confirmed, received });
    devices.seen(id);
    events.record({ kind: 'device-connected', phone, data: { device: id, resume: hello.resume } });
  };
}

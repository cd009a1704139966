import { receive } from './greeting.ts';
import type { Linking } from './linking.ts';
import type { OpenConnections } from './open-connections.ts';
import type { PageConnection } from './page-connection.ts';
import type { WorldParts } from './parts.ts';
import type { Hello } from './requests.ts';
import { createResuming } from './resume-connection.ts';
import { pageFaults } from './snapshot.ts';

export interface Greeting {
  greet(connection: PageConnection, hello: Hello): void;
  /** Who greets as this device is closed for a while. */
  refuse(deviceId: string, downMs: number): void;
}

/** Answers pages that greet: each is connected to its phone, waits to be linked, or is sent away. */
export function createGreeting(dependencies: { parts: WorldParts; linking: Linking; open: OpenConnections }): Greeting {
  const { parts, linking, open } = dependencies;
  const { devices, faults, now } = parts;
  const resume = createResuming(parts);
  const refusedUntil = new Map<string, number>();

  function waitToBeLinked(connection: PageConnection, { device: id, noiseKey, identityKey, secret }: Hello): void {
    connection.send({ t: 'welcome', faults: pageFaults(faults.of()) });
    linking.wait({ id, noiseKey, identityKey, secret, send: (frame) => connection.send(frame) });
  }

  return {
    greet(connection, hello) {
      const id = hello.device;
      const isDown = (refusedUntil.get(id) ?? 0) > now();
      if (!isDown) {
        refusedUntil.delete(id);
        connection.device = id;
      }
      const reception = receive(hello, { device: devices.get(id), isDown, faultsOf: (id) => faults.of(id) });
      switch (reception.kind) {
        case 'closed':
          connection.close();
          break;
        case 'stale':
          connection.send({ t: 'stale', reload: faults.of().staleSession === 'reload' });
          break;
        case 'refused':
          open.takePlace(connection);
          connection.send({ t: 'refused', state: reception.state, faults: pageFaults(faults.of()) });
          break;
        case 'resumed':
          open.takePlace(connection);
          resume(connection, reception.device, hello);
          break;
        case 'waits':
          open.takePlace(connection);
          waitToBeLinked(connection, hello);
          break;
      }
    },
    refuse: (deviceId, downMs) => void refusedUntil.set(deviceId, now() + downMs),
  };
}

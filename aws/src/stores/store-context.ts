import type { CommandId } from '@top-active/core/contracts';
import type { EventLog } from '../events/event-log.ts';
import type { Fence } from '../tenants/fence.ts';
import type { ItemStore } from '../items/item-store.ts';

/** What every store of a tenant works with. */
export interface StoreContext {
  items: ItemStore;
  events: EventLog;
  /** For what is written without the event log. */
  fence: Fence;
  /** Epoch milliseconds. */
  now: () => number;
  /** A new ULID, later than those before it. */
  newId: () => string;
  /** A hash of a name of somebody else's making, under the user's own key: 32 hexadecimal digits. */
  hashName: (name: string) => Promise<string>;
  /** Wakes the user's host, best effort. Call it after the commit. */
  wake: (commandId: CommandId) => Promise<void>;
  /** Whether the world outside is the simulated one. */
  simulated: boolean;
}

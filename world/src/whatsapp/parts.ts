import type { Accounts } from './accounts.ts';
import type { Database } from './database.ts';
import type { Devices } from './devices.ts';
import type { EventLog } from './event-log.ts';
import type { FaultBoard } from './fault-board.ts';
import type { Mailboxes } from './mailboxes.ts';
import type { MediaStore } from './media-store.ts';
import type { MessageViews } from './message-views.ts';
import type { Notes } from './notes.ts';
import type { PageBoard } from './page-board.ts';
import type { NumberChanges } from './number-changes.ts';
import type { Passkeys } from './passkeys.ts';
import type { Rooms } from './rooms.ts';

/** The stores of a world, shared by what acts on them. */
export interface WorldParts {
  db: Database;
  /** Unix time, milliseconds. */
  now: () => number;
  events: EventLog;
  faults: FaultBoard;
  /** Which shape of WhatsApp's page is served. */
  page: PageBoard;
  accounts: Accounts;
  devices: Devices;
  passkeys: Passkeys;
  mailboxes: Mailboxes;
  media: MediaStore;
  rooms: Rooms;
  numberChanges: NumberChanges;
  notes: Notes;
  views: MessageViews;
}

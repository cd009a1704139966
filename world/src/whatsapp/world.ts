import { createAccounts } from './accounts.ts';
import { createAmendments } from './amendments.ts';
import { createConnections, type Connections } from './connections.ts';
import { openDatabase } from './database.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import type { Amendments } from './amendments.ts';
import { createDevices } from './devices.ts';
import { createEventLog } from './event-log.ts';
import { createFaultBoard } from './fault-board.ts';
import { createLinking, type Linking } from './linking.ts';
import { createMailboxes } from './mailboxes.ts';
import { createMediaStore } from './media-store.ts';
import { createMessageViews } from './message-views.ts';
import { createNotes } from './notes.ts';
import { createPageBoard } from './page-board.ts';
import { createNumberChanges } from './number-changes.ts';
import type { PageChanges } from './page-settings.ts';
import { createPageRequests } from './page-requests.ts';
import type { WorldParts } from './parts.ts';
import { createPasskeys } from './passkeys.ts';
import { createReceipts, type Receipts } from './receipts.ts';
import { createRenumbering, type Renumbering } from './renumbering.ts';
import { createRooms } from './rooms.ts';

/** Stores and rules of the simulated WhatsApp, without any server. */
export interface WorldCore {
  parts: WorldParts;
  linking: Linking;
  delivery: Delivery;
  receipts: Receipts;
  amendments: Amendments;
  renumbering: Renumbering;
  connections: Connections;
  close(): void;
}

interface WorldCoreOptions {
  dir: string;
  /** Unix time, milliseconds. */
  now: () => number;
  /** The page that is served while this runs, until it is set otherwise. */
  page?: PageChanges;
}

export function createWorldCore({ dir, now, page: forRun = {} }: WorldCoreOptions): WorldCore {
  const db = openDatabase(dir);
  const events = createEventLog({ db, now });
  const accounts = createAccounts({ db, events, now });
  const devices = createDevices({ db, now });
  const mailboxes = createMailboxes(db);
  const media = createMediaStore({ db, now });
  const rooms = createRooms({ db, now });
  const numberChanges = createNumberChanges(db);
  const faults = createFaultBoard({ db, events });
  const page = createPageBoard({ db, events, forRun });
  const notes = createNotes({ db, devices });
  const views = createMessageViews({ accounts, mailboxes, media, rooms, numberChanges, faults });
  const passkeys = createPasskeys(db);
  const parts: WorldParts = {
    db,
    now,
    events,
    faults,
    page,
    accounts,
    devices,
    passkeys,
    mailboxes,
    media,
    rooms,
    numberChanges,
    notes,
    views,
  };

  const linking = createLinking(parts);
  const delivery = createDelivery(parts);
  const receipts = createReceipts(parts);
  const amendments = createAmendments(parts);
  const renumbering = createRenumbering(parts);
  const requests = createPageRequests({
    parts,
    linking,
    delivery,
    receipts,
    amendments,
    broadcast: (phone, frame) => void connections.broadcast(phone, frame),
    unlink: (device, why) => connections.unlink(device, why),
  });
  const connections = createConnections({ parts, linking, requests });

  return {
    parts,
    linking,
    delivery,
    receipts,
    amendments,
    renumbering,
    connections,
    close() {
      linking.close();
      db.close();
    },
  };
}

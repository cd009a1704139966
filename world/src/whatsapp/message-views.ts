import type { Accounts } from './accounts.ts';
import type { FaultBoard } from './fault-board.ts';
import type { Mailboxes, MessageRow } from './mailboxes.ts';
import type { MediaStore } from './media-store.ts';
import type { NumberChanges } from './number-changes.ts';
import { createPeopleViews, type PeopleViews } from './people-views.ts';
import type { Rooms } from './rooms.ts';
import { optionsOf } from './stored-extra.ts';
import { createViewedIds, type ViewedIds } from './viewed-ids.ts';
import { createWireViews, type WireViews } from './wire-views.ts';

/** Stored rows as people (`Message`, `Chat`) and as linked devices (`Wire…`) see them. */
export interface MessageViews extends ViewedIds, PeopleViews, WireViews {
  /** The texts of a poll's options; none where it is no poll. */
  pollOptions(row: MessageRow): string[];
}

interface Parts {
  accounts: Accounts;
  mailboxes: Mailboxes;
  media: MediaStore;
  rooms: Rooms;
  numberChanges: NumberChanges;
  faults: FaultBoard;
}

export function createMessageViews(parts: Parts): MessageViews {
  const ids = createViewedIds(parts);
  const people = createPeopleViews({ ids, ...parts });
  const titleOf = (viewer: string, peer: string) => people.title(viewer, peer);
  return { ...ids, ...people, ...createWireViews({ ids, titleOf, ...parts }), pollOptions: optionsOf };
}

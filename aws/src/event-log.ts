import type { EventsResponse, NewUserEvent } from '@top-active/core/contracts';
import type { Write } from './items/item-store.ts';

/** What a change wants written, all of it or nothing, and what its caller gets. No changes and no events: nothing is written. */
export interface Draft<T> {
  changes: readonly Write[];
  events: readonly NewUserEvent[];
  result: T;
}

export interface EventLog {
  /**
   * The only way to change what a user can see. `decide` reads what it needs from the tenant's stores and returns its
   * draft; the draft, its events and the counter are written in one transaction that holds only if nobody else has
   * written since `decide` began. Otherwise `decide` runs again, so it must have no effects of its own. Commits of one
   * user are serialised: what `decide` read is still true when its changes land. Never call `commit` within `decide`.
   * @throws {AppError} `conflict` after too many rounds; whatever `decide` throws
   */
  commit<T>(decide: () => Promise<Draft<T>>): Promise<T>;
  /** The log after `seq`, at most 500 events. */
  after(seq: number): Promise<EventsResponse>;
  /** Number of the newest event, 0 when there is none. */
  last(): Promise<number>;
}

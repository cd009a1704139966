import type { NewUserEvent, UserEvent } from '@top-active/core/contracts';
import type { FakeState } from './fake-state.ts';

/** The user's event log. */
export function createFakeLog(state: FakeState) {
  /** So much of it is no longer kept. */
  let forgotten = 0;

  function lastSeq(): number {
    return state.events.at(-1)?.seq ?? forgotten;
  }

  return {
    after(seq: number) {
      const isForgotten = seq < forgotten;
      const items = isForgotten ? [] : state.events.filter((event) => event.seq > seq);
      return { items, seq: lastSeq(), reset: isForgotten };
    },
    append(event: NewUserEvent): UserEvent {
      const stamped = { ...event, seq: lastSeq() + 1, at: new Date().toISOString() };
      state.events = [...state.events, stamped];
      return stamped;
    },
    forget(): void {
      forgotten = lastSeq() + 500;
      state.events = [];
    },
  };
}

/** How far what WhatsApp tells is stored, as a whole. Chats that are behind by themselves are kept beside it. */
export interface InboundState {
  /** Everything before then is stored; undefined when that was never so. */
  caughtUpAt: Date | undefined;
  /** The chats' history of before the link was stored as a whole once. */
  hasHistory: boolean;
  /** It isn't known yet of which chats something was missed. */
  isBehind: boolean;
  /** Catch-ups that began, and times that nobody listened any more. */
  turn: number;
  /** The turn in which the account was linked anew; undefined: not since this host began. */
  linkedInTurn: number | undefined;
}

export type InboundChange =
  /** The account was linked anew. */
  | { type: 'linked' }
  /** Nobody listens any more. */
  | { type: 'paused' }
  | { type: 'catch-up begun' }
  /** The one of this turn, which began then: each chat was fetched, or is behind by itself. */
  | { type: 'catch-up ended'; turn: number; began: Date }
  /** Nothing of what came until then waits to be stored. */
  | { type: 'nothing waits'; at: Date };

export function freshInbound(known: {
  caughtUpAt: Date | undefined;
  /** Without it, history was stored where `caughtUpAt` is known. */
  hasHistory: boolean | undefined;
}): InboundState {
  const { caughtUpAt, hasHistory = caughtUpAt !== undefined } = known;
  return { caughtUpAt, hasHistory, isBehind: true, turn: 0, linkedInTurn: undefined };
}

export function reduceInbound(state: InboundState, change: InboundChange): InboundState {
  switch (change.type) {
    case 'linked':
      return { ...state, hasHistory: false, linkedInTurn: state.turn };
    case 'paused':
    case 'catch-up begun':
      return { ...state, isBehind: true, turn: state.turn + 1 };
    case 'catch-up ended':
      return afterCatchUp(state, change);
    case 'nothing waits':
      return state.isBehind ? state : { ...state, caughtUpAt: change.at };
    default:
      return change satisfies never;
  }
}

function afterCatchUp(state: InboundState, { turn, began }: { turn: number; began: Date }): InboundState {
  // Nobody may listen any more, or another catch-up has begun meanwhile.
  const isNewest = turn === state.turn;
  const isOfThisLink = state.linkedInTurn === undefined || turn > state.linkedInTurn;
  return {
    ...state,
    hasHistory: state.hasHistory || isOfThisLink,
    isBehind: state.isBehind && !isNewest,
    // After a first link nothing says from when on the next catch-up looks for what came: a page that is loaded anew
    // right then would keep that to itself.
    caughtUpAt: isNewest || state.caughtUpAt === undefined ? began : state.caughtUpAt,
  };
}

/**
 * Everything before the returned moment is stored; undefined when that was never so.
 * @param earliest since when a chat is behind; `false`: one of them is without its history
 */
export function storedUntil({ caughtUpAt }: InboundState, earliest: Date | undefined | false): Date | undefined {
  if (earliest === false) return undefined;
  return earliest && caughtUpAt && earliest < caughtUpAt ? earliest : caughtUpAt;
}

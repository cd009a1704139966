/** How near its end a host is. */
export interface HostState {
  isStopping: boolean;
  /** Nothing is waited for any more. */
  isCutShort: boolean;
}

export type HostEvent =
  | { type: 'stop' }
  /** The end is near. */
  | { type: 'hurry' }
  /** A rejection belongs to no session: a mistake of our own. */
  | { type: 'rejection'; error: unknown }
  /** Nothing may run here any more: others will take over soon. */
  | { type: 'leases-over'; reason: string };

export type HostEffect =
  | { type: 'log-error'; message: string; error?: unknown }
  /** Tells the process that the host can't go on. */
  | { type: 'give-up' }
  /** Hands over every shard, and ends everything. */
  | { type: 'hand-over' }
  /** Cuts short whatever is waited for. */
  | { type: 'cut-short' };

export interface HostStep {
  state: HostState;
  /** To be carried out in this order. */
  effects: HostEffect[];
}

export const servingHost: HostState = { isStopping: false, isCutShort: false };

/** What an event makes of a host, and what is to be done about it. It stops once, and is cut short once. */
export function reduceHost(state: HostState, event: HostEvent): HostStep {
  switch (event.type) {
    case 'stop':
      return stop(state);
    case 'hurry':
      return cutShort(state);
    case 'rejection': {
      const { error } = event;
      return giveUp({ message: 'A rejection was left unhandled: the host ends', error }, stop(state));
    }
    case 'leases-over': {
      const stopped = stop(state);
      const hurried = cutShort(stopped.state);
      const message = `ALARM: the leases of this host are over: ${event.reason}`;
      return giveUp({ message }, { state: hurried.state, effects: [...stopped.effects, ...hurried.effects] });
    }
    default:
      return event satisfies never;
  }
}

function stop(state: HostState): HostStep {
  if (state.isStopping) return { state, effects: [] };
  return { state: { ...state, isStopping: true }, effects: [{ type: 'hand-over' }] };
}

function cutShort(state: HostState): HostStep {
  if (state.isCutShort) return { state, effects: [] };
  return { state: { ...state, isCutShort: true }, effects: [{ type: 'cut-short' }] };
}

function giveUp({ message, error }: { message: string; error?: unknown }, { state, effects }: HostStep): HostStep {
  return { state, effects: [{ type: 'log-error', message, error }, { type: 'give-up' }, ...effects] };
}

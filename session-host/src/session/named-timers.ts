/** Timers by name: each of a name takes the place of the one before. */
export interface Timers<Name extends string> {
  set(name: Name, timer: { ms: number; onTime: () => void }): void;
  clear(name: Name): void;
}

export function createTimers<Name extends string>(): Timers<Name> {
  const running = new Map<Name, NodeJS.Timeout>();

  function clear(name: Name): void {
    clearTimeout(running.get(name));
    running.delete(name);
  }

  return {
    set(name, { ms, onTime }) {
      clear(name);
      running.set(name, setTimeout(onTime, ms));
    },
    clear,
  };
}

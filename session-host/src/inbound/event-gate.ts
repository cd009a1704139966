/** Lets pass what comes, unless somebody holds it. */
interface EventGate<T> {
  /** At once, or in its order once nobody holds it any more. */
  pass(event: T): void;
  /** Closes it until the returned function was called, by everybody who holds it. Each holds it once. */
  hold(): () => void;
  readonly isHeld: boolean;
}

export function createEventGate<T>(admit: (event: T) => void): EventGate<T> {
  const holders = new Set<symbol>();
  const held: T[] = [];

  return {
    pass(event) {
      if (holders.size > 0) held.push(event);
      else admit(event);
    },
    hold() {
      const holder = Symbol('holder');
      holders.add(holder);
      return () => {
        if (holders.delete(holder) && holders.size === 0) for (const event of held.splice(0)) admit(event);
      };
    },
    get isHeld() {
      return holders.size > 0;
    },
  };
}

export type Listener = (...args: unknown[]) => unknown;

/** Events as WhatsApp Web's models have them: several names in one string, and `all` for every event. */
export class Emitter {
  readonly #listeners = new Map<string, { listener: Listener; original: Listener }[]>();
  readonly #awaited = new Map<string, (() => void)[]>();

  on(names: string, listener: Listener): this {
    for (const name of names.split(/\s+/)) this.#add(name, listener, listener);
    return this;
  }

  once(name: string, original: Listener): this {
    const listener: Listener = (...args) => {
      this.off(name, original);
      return original(...args);
    };
    this.#add(name, listener, original);
    return this;
  }

  off(names: string, listener: Listener): this {
    for (const name of names.split(/\s+/)) {
      const left = (this.#listeners.get(name) ?? []).filter((entry) => entry.original !== listener);
      this.#listeners.set(name, left);
    }
    return this;
  }

  listenTo(other: Emitter, names: string, listener: Listener): this {
    other.on(names, listener);
    return this;
  }

  trigger(name: string, ...args: unknown[]): this {
    for (const { listener } of this.#listeners.get(name) ?? []) call(name, listener, args);
    for (const { listener } of this.#listeners.get('all') ?? []) call(name, listener, [name, ...args]);
    return this;
  }

  /** Resolves once somebody listens to the event, or after the time limit: true when there is a listener. */
  listenedTo(name: string, timeoutMs: number): Promise<boolean> {
    if ((this.#listeners.get(name)?.length ?? 0) > 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), timeoutMs);
      const waiting = this.#awaited.get(name) ?? [];
      waiting.push(() => {
        clearTimeout(timer);
        resolve(true);
      });
      this.#awaited.set(name, waiting);
    });
  }

  #add(name: string, listener: Listener, original: Listener): void {
    // A new list each time: whoever is being told goes on with the old one.
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), { listener, original }]);
    for (const resolve of this.#awaited.get(name) ?? []) resolve();
    this.#awaited.delete(name);
  }
}

/** One listener's failure must not keep the others from hearing the event. */
function call(name: string, listener: Listener, args: unknown[]): void {
  try {
    listener(...args);
  } catch (error) {
    queueMicrotask(() => {
      throw new Error(`A listener of "${name}" failed.`, { cause: error });
    });
  }
}

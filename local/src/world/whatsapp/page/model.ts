import type { Collection } from './collection.ts';
import { Emitter } from './emitter.ts';

/**
 * A model of WhatsApp Web: its attributes are plain properties, and setting them fires `change:<name>` with
 * (model, value, previous), then `change`, on the model and on its collection.
 */
export class Model extends Emitter {
  readonly #names = new Set<string>();
  #collection: Collection<never> | undefined;

  constructor(attributes: object) {
    super();
    this.assign(attributes);
  }

  get collection(): Collection<never> | undefined {
    return this.#collection;
  }

  joinCollection(collection: object): void {
    this.#collection ??= collection as Collection<never>;
  }

  /** Without events. */
  assign(attributes: object): void {
    for (const name of Object.keys(attributes)) this.#names.add(name);
    Object.assign(this, attributes);
  }

  set(changes: object): this {
    const self = this as unknown as Record<string, unknown>;
    const changed = Object.entries(changes)
      .filter(([name, value]) => self[name] !== value)
      .map(([name, value]) => ({ name, value, previous: self[name] }));
    if (changed.length === 0) return this;
    this.assign(changes);
    for (const target of this.#targets()) {
      for (const { name, value, previous } of changed) target.trigger(`change:${name}`, this, value, previous);
    }
    for (const target of this.#targets()) target.trigger('change', this);
    return this;
  }

  serialize(): Record<string, unknown> {
    const self = this as unknown as Record<string, unknown>;
    return Object.fromEntries([...this.#names].map((name) => [name, plain(self[name])]));
  }

  toJSON(): Record<string, unknown> {
    return this.serialize();
  }

  /** WhatsApp Web wraps some models for rendering; the library unwraps them. */
  unsafe(): this {
    return this;
  }

  #targets(): Emitter[] {
    return this.#collection === undefined ? [this] : [this, this.#collection];
  }
}

function plain(value: unknown): unknown {
  if (value instanceof Model) return value.serialize();
  if (typeof value === 'object' && value !== null && 'getModelsArray' in value) {
    return (value as { getModelsArray(): Model[] }).getModelsArray().map((model) => model.serialize());
  }
  return value;
}

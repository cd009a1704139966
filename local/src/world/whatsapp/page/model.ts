import { Emitter } from './emitter.ts';

/**
 * A model of WhatsApp Web: its attributes are plain properties, and setting them fires `change:<name>` with
 * (model, value, previous), then `change`, on the model and on its collection.
 */
export class Model extends Emitter {
  readonly #names = new Set<string>();
  #collection: Emitter | undefined;

  constructor(attributes: object) {
    super();
    this.assign(attributes);
  }

  get collection(): Emitter | undefined {
    return this.#collection;
  }

  joinCollection(collection: Emitter): void {
    this.#collection ??= collection;
  }

  /** Without events. */
  assign(attributes: object): void {
    for (const name of Object.keys(attributes)) this.#names.add(name);
    Object.assign(this, attributes);
  }

  set(changes: object): this {
    const self = attributesOf(this);
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
    const self = attributesOf(this);
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

/** A base class whose instances have the attributes as properties: `Model` assigns them, which TypeScript can't see. */
export function modelWith<A extends object>(): new (attributes: A | object) => Model & A {
  return Object(Model);
}

/** Attributes are plain properties: the model itself is the record of them. */
function attributesOf(model: Model): Record<string, unknown> {
  return Object(model);
}

function plain(value: unknown): unknown {
  return value instanceof Model ? value.serialize() : value;
}

import { Emitter } from './emitter.ts';

/**
 * A model of WhatsApp Web. Each attribute lies under a key of its own, `__x_<name>`, and is read and set as `<name>`
 * through the prototype: who spreads a model gets the former. Setting fires `change:<name>` with (model, value,
 * previous), then `change`, on the model and on its collection.
 */
export class Model extends Emitter {
  /** Names that `serialize` leaves out: what the page holds for as long as it is open. */
  static readonly sessionNames: ReadonlySet<string> = new Set();
  /** Names of collections that belong to the model, which `serialize` includes. */
  static readonly childNames: readonly string[] = [];
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

  /** Without events. Attributes of another model, spread, count as what they are. */
  assign(attributes: object): void {
    for (const [key, value] of Object.entries(attributes)) {
      const name = nameOf(key) ?? key;
      this.#define(name);
      Object.assign(this, { [keyOf(name)]: value });
    }
  }

  set(changes: object): this {
    const changed = Object.entries(changes)
      .filter(([name, value]) => this.#read(name) !== value)
      .map(([name, value]) => ({ name, value, previous: this.#read(name) }));
    if (changed.length === 0) return this;
    this.assign(changes);
    for (const target of this.#targets()) {
      for (const { name, value, previous } of changed) target.trigger(`change:${name}`, this, value, previous);
    }
    for (const target of this.#targets()) target.trigger('change', this);
    return this;
  }

  /** The attributes and the collections that belong to the model. */
  serialize(): Record<string, unknown> {
    const { sessionNames, childNames } = classOf(this);
    const attributes = Object.entries(this).flatMap(([key, value]): [string, unknown][] => {
      const name = nameOf(key);
      return name === undefined || sessionNames.has(name) ? [] : [[name, plain(value)]];
    });
    const children = childNames.map((name): [string, unknown] => [name, plain(Reflect.get(this, name))]);
    return Object.fromEntries([...attributes, ...children]);
  }

  toJSON(): Record<string, unknown> {
    return this.serialize();
  }

  /** WhatsApp Web wraps some models for rendering; the library unwraps them. */
  unsafe(): this {
    return this;
  }

  #read(name: string): unknown {
    return Reflect.get(this, keyOf(name));
  }

  /** An attribute that its class doesn't know yet is added to the class. */
  #define(name: string): void {
    if (name in this) return;
    Object.defineProperty(Object.getPrototypeOf(this), name, {
      configurable: true,
      get(this: Model) {
        return Reflect.get(this, keyOf(name));
      },
      set(this: Model, value: unknown) {
        this.set({ [name]: value });
      },
    });
  }

  #targets(): Emitter[] {
    return this.#collection === undefined ? [this] : [this, this.#collection];
  }
}

/** A base class whose instances have the attributes as properties: `Model` defines them, which TypeScript can't see. */
export function modelWith<A extends object>(): new (attributes: A | object) => Model & A {
  return Object(Model);
}

const prefix = '__x_';
const keyOf = (name: string) => `${prefix}${name}`;
const nameOf = (key: string) => (key.startsWith(prefix) ? key.slice(prefix.length) : undefined);

function classOf(model: Model): typeof Model {
  return Object(model.constructor);
}

function plain(value: unknown): unknown {
  return value instanceof Model || isCollection(value) ? value.serialize() : value;
}

function isCollection(value: unknown): value is { serialize(): unknown } {
  return value instanceof Emitter && 'serialize' in value && typeof value.serialize === 'function';
}

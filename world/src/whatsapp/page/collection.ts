import { Emitter } from './emitter.ts';
import { idText } from './ids.ts';
import type { Model } from './model.ts';

export type Identified = Model & { id: unknown };
type Compare<M> = (a: M, b: M) => number;

export interface CollectionOptions<M> {
  /** Looks a model up that isn't here yet, as WhatsApp Web asks its database or server. */
  fetch?: (id: string) => Promise<M | undefined>;
  /** Keeps the models in order. */
  compare?: Compare<M>;
  /** What the library makes new models with. */
  modelClass?: new (attributes: never) => M;
}

export class Collection<M extends Identified> extends Emitter {
  readonly modelClass: (new (attributes: never) => M) | undefined;
  readonly #models: M[] = [];
  readonly #index = new Map<string, M>();
  readonly #fetch: ((id: string) => Promise<M | undefined>) | undefined;
  readonly #compare: Compare<M> | undefined;

  constructor(options: CollectionOptions<M> = {}) {
    super();
    this.#fetch = options.fetch;
    this.#compare = options.compare;
    this.modelClass = options.modelClass;
  }

  get length(): number {
    return this.#models.length;
  }

  get(id: unknown): M | undefined {
    return this.#index.get(idText(id));
  }

  /** Returns the model that is there already where the id is known. */
  add(model: M, options: { silent?: boolean } = {}): M {
    const key = idText(model.id);
    const known = this.#index.get(key);
    if (known !== undefined) return known;
    this.#index.set(key, model);
    this.#models.splice(this.#position(model), 0, model);
    if (options.silent !== true) {
      model.joinCollection(this);
      this.trigger('add', model);
    }
    return model;
  }

  remove(id: unknown, options: { silent?: boolean } = {}): M | undefined {
    const model = this.get(id);
    if (model === undefined) return undefined;
    this.#index.delete(idText(model.id));
    this.#models.splice(this.#models.indexOf(model), 1);
    if (options.silent !== true) this.trigger('remove', model);
    return model;
  }

  /** The model keeps its place under another id. */
  rename(model: M, from: unknown): void {
    this.#index.delete(idText(from));
    this.#index.set(idText(model.id), model);
  }

  async find(id: unknown): Promise<M | undefined> {
    return this.get(id) ?? (await this.#fetch?.(idText(id)));
  }

  async update(id: unknown): Promise<M | undefined> {
    return this.find(id);
  }

  reset(): void {
    this.#models.length = 0;
    this.#index.clear();
    this.trigger('reset');
  }

  getModelsArray(): M[] {
    return this.#models.slice();
  }

  filter(test: (model: M) => boolean): M[] {
    return this.#models.filter((model) => test(model));
  }

  map<T>(change: (model: M) => T): T[] {
    return this.#models.map((model) => change(model));
  }

  first(): M | undefined {
    return this.#models[0];
  }

  last(): M | undefined {
    return this.#models.at(-1);
  }

  serialize(): Record<string, unknown>[] {
    return this.#models.map((model) => model.serialize());
  }

  toJSON(): unknown[] {
    return this.serialize();
  }

  /** From the end, where nearly all arrivals belong. */
  #position(model: M): number {
    const compare = this.#compare;
    if (compare === undefined) return this.#models.length;
    return this.#models.findLastIndex((before) => compare(before, model) <= 0) + 1;
  }
}

import { OpenAiError } from './openai-error.ts';

interface KnownModel {
  id: string;
  /** YYYY-MM-DD, once OpenAI has announced it. */
  shutdownDate?: string;
  /** How hard it can be told to think; a model without any doesn't reason. */
  efforts: readonly string[];
}

const today = ['none', 'low', 'medium', 'high', 'xhigh', 'max'];
const alwaysThinks = ['low', 'medium', 'high', 'xhigh', 'max'];
const early = ['minimal', 'low', 'medium', 'high'];

/** OpenAI's list of November 2026, as its SDK's types and deprecations page have it. */
const known: readonly KnownModel[] = [
  { id: 'gpt-6.2-astra', efforts: alwaysThinks },
  { id: 'gpt-6.2-sol', efforts: alwaysThinks },
  { id: 'gpt-6.1-sol', efforts: alwaysThinks },
  { id: 'gpt-6.1-terra', efforts: today },
  { id: 'gpt-6-astra', efforts: alwaysThinks },
  { id: 'gpt-6-sol', efforts: today },
  { id: 'gpt-6-luna', efforts: today },
  { id: 'gpt-5.6-sol', efforts: today },
  { id: 'gpt-5.6-terra', efforts: today },
  { id: 'gpt-5.6-luna', efforts: today },
  { id: 'gpt-5.5', efforts: today },
  { id: 'gpt-5.4', efforts: today },
  { id: 'gpt-5.4-mini', efforts: today },
  { id: 'gpt-5.4-nano', efforts: today, shutdownDate: '2027-04-01' },
  { id: 'gpt-5.1', efforts: today, shutdownDate: '2027-04-01' },
  { id: 'gpt-5', efforts: early, shutdownDate: '2026-12-11' },
  { id: 'gpt-5-mini', efforts: early, shutdownDate: '2026-12-11' },
  { id: 'gpt-5-nano', efforts: early, shutdownDate: '2026-12-11' },
  { id: 'o3', efforts: early, shutdownDate: '2026-12-11' },
  { id: 'gpt-4.1', efforts: [], shutdownDate: '2027-01-14' },
  { id: 'gpt-4.1-mini', efforts: [], shutdownDate: '2027-01-14' },
  { id: 'gpt-4o', efforts: [], shutdownDate: '2027-01-14' },
  { id: 'gpt-4o-mini', efforts: [], shutdownDate: '2027-01-14' },
  { id: 'gpt-4.1-nano', efforts: [], shutdownDate: '2026-10-23' },
  { id: 'o4-mini', efforts: early, shutdownDate: '2026-10-23' },
];

/** What OpenAI announces of a model, as the control interface sets it; `null` takes an announcement back. */
export interface Announcement {
  id: string;
  shutdownDate: string | null;
}

export interface Models {
  announce(announcements: readonly Announcement[]): void;
  /** As `GET /v1/models` lists them: those that are shut down are gone. */
  list(): object[];
  /** @throws {OpenAiError} 404 `model_not_found` for one that never was, or is no more */
  resource(id: string): object;
  /** What the Responses API knows of it. @throws {OpenAiError} as `resource` */
  require(id: string): KnownModel;
}

/**
 * Dated versions are known by their family: `gpt-5-mini-2025-08-07`. A model ends as its day of shutdown begins, in
 * UTC.
 */
export function createModels(now: () => number): Models {
  let announced = new Map<string, string | null>();
  const shutdownOf = ({ id, shutdownDate }: KnownModel): string | null =>
    announced.has(id) ? (announced.get(id) ?? null) : (shutdownDate ?? null);
  const lives = (model: KnownModel) => {
    const date = shutdownOf(model);
    return date === null || now() < Date.parse(`${date}T00:00:00Z`);
  };

  function require(name: string): KnownModel {
    const family = name.replace(/-\d{4}-\d{2}-\d{2}$/, '');
    const model = known.find(({ id }) => id === family);
    if (model && lives(model)) return model;
    throw new OpenAiError({
      status: 404,
      message: `The model '${name}' does not exist or you do not have access to it.`,
      param: 'model',
      code: 'model_not_found',
    });
  }

  const resourceOf = (model: KnownModel, id = model.id) => ({
    id,
    object: 'model',
    created: 1_767_225_600,
    owned_by: 'simulated',
    shutdown_date: shutdownOf(model),
  });

  return {
    announce(announcements) {
      announced = new Map(announcements.map(({ id, shutdownDate }) => [id, shutdownDate]));
    },
    list: () => known.filter(lives).map((model) => resourceOf(model)),
    resource: (id) => resourceOf(require(id), id),
    require,
  };
}

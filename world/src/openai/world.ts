import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { openDatabase } from '@top-active/cloud/wire/database';
import { createFaults, faultSchema, type Fault, type FaultInput } from './faults.ts';
import { keyGuard, type OpenAiEnv } from './key-guard.ts';
import { createKeys, type SimulatedKey } from './keys.ts';
import { createModels, type Announcement } from './models.ts';
import { OpenAiError, sendOpenAiError } from './openai-error.ts';
import { createRequestLog, type LoggedRequest } from './request-log.ts';
import { responsesRoutes } from './responses-routes.ts';
import { createScripts, type Script } from './script.ts';
import { createUsageMeter } from './usage.ts';

interface OpenAiWorldOptions {
  /** Folder of `openai.sqlite`, made when missing. Without it the state ends with the world. */
  dir?: string | undefined;
  /** Unix time, milliseconds. */
  now?: (() => number) | undefined;
}

export interface OpenAiWorld {
  /** To be mounted at `/openai`; the base URL for clients is then `…/openai/v1`. */
  app: Hono;
  keys(): SimulatedKey[];
  setKey(key: SimulatedKey): void;
  /** Replaces all that were set. What is left out has its default. */
  setFaults(faults: FaultInput[]): void;
  faults(): Fault[];
  /** Which shutdowns OpenAI has announced beside the known ones; replaces what was set. */
  announceModels(announcements: readonly Announcement[]): void;
  addScript(script: Script): void;
  clearScripts(): void;
  /** Steps not yet taken. */
  scriptedSteps(): number;
  log(): LoggedRequest[];
  clearLog(): void;
  close(): void;
}

const schema = `
CREATE TABLE IF NOT EXISTS keys (key TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS key_scopes (key TEXT PRIMARY KEY, scopes TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS responses (
  id TEXT PRIMARY KEY, key TEXT NOT NULL, response TEXT NOT NULL, items TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;

/** The simulated OpenAI: the Responses API with a model of rules behind it. */
export function createOpenAiWorld({ dir, now = Date.now }: OpenAiWorldOptions = {}): OpenAiWorld {
  const passing = dir === undefined ? mkdtempSync(join(tmpdir(), 'simulated-openai-')) : undefined;
  const storage = openDatabase({ dir: dir ?? passing ?? '', name: 'openai', schema });
  const keys = createKeys(storage);
  const faults = createFaults();
  const scripts = createScripts();
  const models = createModels(now);
  const log = createRequestLog(now);

  const api = new Hono<OpenAiEnv>();
  api.use(keyGuard({ keys, faults, log, now }));
  api.route('/', responsesRoutes({ storage, faults, scripts, models, meter: createUsageMeter(), now }));
  api.get('/models', (c) => c.json({ object: 'list', data: models.list() }));
  api.get('/models/:id', (c) => c.json(models.resource(c.req.param('id'))));
  api.onError((error, c) => {
    const refusal = error instanceof OpenAiError ? error : undefined;
    if (!refusal) throw error;
    c.var.entry.status = refusal.options.status;
    return sendOpenAiError(c, refusal);
  });

  const app = new Hono();
  app.route('/v1', api);
  app.notFound((c) =>
    sendOpenAiError(c, new OpenAiError({ status: 404, message: `Invalid URL (${c.req.method} ${c.req.path})` })),
  );

  return {
    app,
    keys: () => keys.list(),
    setKey: (key) => keys.set(key),
    setFaults: (next) => faults.set(next.map((fault) => faultSchema.parse(fault))),
    faults: () => faults.list(),
    announceModels: (announcements) => models.announce(announcements),
    addScript: (script) => scripts.add(script),
    clearScripts: () => scripts.clear(),
    scriptedSteps: () => scripts.waiting(),
    log: () => log.read(),
    clearLog: () => log.clear(),
    close() {
      faults.close();
      storage.close();
      if (passing) rmSync(passing, { recursive: true, force: true });
    },
  };
}

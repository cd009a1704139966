import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';
import { readJson } from '../control-requests/read-json.ts';
import { faultSchema } from './faults.ts';
import { keyScopes, simulatedKeyPattern } from './keys.ts';
import { scriptSchema } from './script.ts';
import type { OpenAiWorld } from './world.ts';

const keyBody = z.strictObject({
  key: z.string().regex(simulatedKeyPattern, 'begins with sk- and contains "simulated"'),
  state: z.enum(['active', 'revoked']).default('active'),
  scopes: z.array(z.enum(keyScopes)).optional(),
});
const modelsBody = z.strictObject({
  models: z.array(z.strictObject({ id: z.string(), shutdownDate: z.iso.date().nullable() })),
});
const faultsBody = z.strictObject({ faults: z.array(faultSchema) });

/** Control interface, to be mounted at `/control/openai`. */
export function createOpenAiControl(world: OpenAiWorld): Hono {
  const app = new Hono();

  app.onError((error) => {
    if (error instanceof HTTPException) return error.getResponse();
    throw error;
  });

  app.get('/keys', (c) => c.json({ keys: world.keys() }));
  app.post('/keys', async (c) => {
    const key = await readJson(c, keyBody);
    world.setKey(key);
    return c.json(key, 201);
  });
  app.get('/faults', (c) => c.json({ faults: world.faults() }));
  app.put('/faults', async (c) => {
    world.setFaults((await readJson(c, faultsBody)).faults);
    return c.json({ faults: world.faults() });
  });
  app.put('/models', async (c) => {
    const body = await readJson(c, modelsBody);
    world.announceModels(body.models);
    return c.json(body);
  });
  app.get('/script', (c) => c.json({ waiting: world.scriptedSteps() }));
  app.post('/script', async (c) => {
    world.addScript(await readJson(c, scriptSchema));
    return c.json({ waiting: world.scriptedSteps() }, 201);
  });
  app.delete('/script', (c) => {
    world.clearScripts();
    return c.body(null, 204);
  });
  app.get('/log', (c) => c.json({ requests: world.log() }));
  app.delete('/log', (c) => {
    world.clearLog();
    return c.body(null, 204);
  });

  return app;
}

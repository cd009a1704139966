import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';
import { readJson } from '../control-requests/read-json.ts';
import { isTimeZone } from './event-times.ts';
import { faultSchema } from './faults.ts';
import { GoogleError, sendGoogleError } from './google-error.ts';
import type { GoogleWorld } from './world.ts';

const emailBody = z.strictObject({ email: z.email() });
const accountBody = z.strictObject({
  email: z.email(),
  name: z.string().min(1).max(200).optional(),
  timeZone: z.string().refine(isTimeZone, 'is not an IANA time zone').optional(),
});
const clientBody = z.strictObject({
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  redirectUris: z.array(z.url()).min(1),
  name: z.string().optional(),
});
const faultsBody = z.strictObject({ faults: z.array(faultSchema) });

/** Control interface, to be mounted at `/control/google`. */
export function createGoogleControl(world: GoogleWorld): Hono {
  const app = new Hono();

  app.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse();
    if (error instanceof GoogleError) return sendGoogleError(c, error);
    throw error;
  });

  app.get('/accounts', (c) => c.json({ accounts: world.accounts() }));
  app.post('/accounts', async (c) => c.json(world.ensureAccount(await readJson(c, accountBody)), 201));
  app.get('/accounts/:email/events', (c) => {
    const events = world.events(c.req.param('email'));
    return events ? c.json({ events }) : c.json({ error: 'No such account.' }, 404);
  });
  app.post('/accounts/:email/events', async (c) => {
    const event = world.addEvent(c.req.param('email'), await readJson(c, z.looseObject({})));
    return event ? c.json(event, 201) : c.json({ error: 'No such account.' }, 404);
  });
  app.post('/clients', async (c) => {
    world.registerClient(await readJson(c, clientBody));
    return c.body(null, 204);
  });
  app.post('/expire-grant', async (c) => {
    world.expireGrant((await readJson(c, emailBody)).email);
    return c.body(null, 204);
  });
  app.post('/expire-sync-token', async (c) => {
    world.expireSyncTokens((await readJson(c, emailBody)).email);
    return c.body(null, 204);
  });
  app.get('/faults', (c) => c.json({ faults: world.faults() }));
  app.put('/faults', async (c) => {
    world.setFaults((await readJson(c, faultsBody)).faults);
    return c.json({ faults: world.faults() });
  });
  app.get('/log', (c) => c.json(world.log()));
  app.delete('/log', (c) => {
    world.clearLog();
    return c.body(null, 204);
  });

  return app;
}

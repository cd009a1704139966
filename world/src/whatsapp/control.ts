import { Hono, type Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { ZodType } from 'zod';
import * as schemas from './control-schemas.ts';
import { WhatsAppRefusal } from './errors.ts';
import { faultActionSchema, faultsSchema } from './faults.ts';
import { noticeTypes, personTypes } from './message-types.ts';
import { pageChangesSchema } from './page-settings.ts';
import type { PhoneHand } from './phone-hand.ts';
import type { WorldEvent } from './types.ts';

/** A body or query that doesn't fit: which field, and why. */
class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
  readonly fields: { field: string; problem: string }[];

  constructor(fields: { field: string; problem: string }[]) {
    super(fields.map(({ field, problem }) => (field === '' ? problem : `${field}: ${problem}`)).join('; '));
    this.fields = fields;
  }
}

/**
 * The phones over HTTP, for the phones page, tests and tools. Paths are relative to where it is mounted. Errors are
 * `{ error: { code, message, fields? } }`.
 */
export function createWhatsAppControl(world: PhoneHand): Hono {
  const app = new Hono();

  app.onError((error, c) => {
    if (error instanceof InvalidInput) {
      return c.json({ error: { code: 'invalid', message: error.message, fields: error.fields } }, 400);
    }
    if (error instanceof WhatsAppRefusal) {
      const body = { error: { code: error.code, message: error.message } };
      return new Response(JSON.stringify(body), {
        status: error.status,
        headers: { 'content-type': 'application/json' },
      });
    }
    throw error;
  });

  app.get('/phones', (c) => c.json({ phones: world.phones() }));
  app.post('/phones', async (c) => c.json(world.addPhone(await body(c, schemas.phoneSchema)), 201));
  app.get('/phones/:n', (c) => c.json(world.phone(c.req.param('n'))));
  app.patch('/phones/:n', async (c) =>
    c.json(world.changePhone(c.req.param('n'), defined(await body(c, schemas.phoneChangesSchema)))),
  );
  app.post('/phones/:n/online', async (c) =>
    c.json(world.changePhone(c.req.param('n'), await body(c, schemas.onlineSchema))),
  );
  app.post('/phones/:n/change-number', async (c) =>
    c.json(world.changeNumber(c.req.param('n'), (await body(c, schemas.numberChangeSchema)).to), 201),
  );
  app.post('/phones/:n/contacts', async (c) => {
    world.saveContact(c.req.param('n'), await body(c, schemas.contactSchema));
    return c.body(null, 204);
  });
  app.post('/phones/:n/block', async (c) => {
    world.blockContact(c.req.param('n'), await body(c, schemas.blockSchema));
    return c.body(null, 204);
  });

  mountChats(app, world);
  mountLinking(app, world);
  mountFaults(app, world);
  mountPage(app, world);
  mountEvents(app, world);
  return app;
}

function mountChats(app: Hono, world: PhoneHand): void {
  app.get('/phones/:n/chats', (c) => c.json({ chats: world.chats(c.req.param('n')) }));
  app.get('/phones/:n/chats/:peer/messages', (c) => {
    const { n: phone, peer } = c.req.param();
    return c.json({ messages: world.messages({ phone, peer, ...query(c, schemas.pageQuerySchema) }) });
  });
  app.post('/phones/:n/chats/:peer/read', (c) => {
    world.read(c.req.param('n'), c.req.param('peer'));
    return c.body(null, 204);
  });
  app.get('/phones/:n/log', (c) =>
    c.json({ messages: world.received({ phone: c.req.param('n'), ...query(c, schemas.pageQuerySchema) }) }),
  );
  app.get('/media/:id', (c) => {
    const media = world.mediaBytes(c.req.param('id'));
    if (media === undefined) throw new WhatsAppRefusal('not-found', 'This media is gone.');
    // What customers send is data: a browser must never take it for a page.
    const headers = {
      'content-type': media.mimetype,
      'x-content-type-options': 'nosniff',
      'content-security-policy': 'sandbox',
    };
    return new Response(new Uint8Array(media.bytes), { headers });
  });
  app.post('/phones/:n/messages', async (c) => {
    const input = await body(c, schemas.sendSchema);
    return c.json(world.send({ ...input, from: c.req.param('n') }), 201);
  });
  app.get('/message-types', (c) => c.json({ people: personTypes, notices: noticeTypes }));
  app.post('/phones/:n/history', async (c) => {
    const stored = world.addHistory({ phone: c.req.param('n'), ...(await body(c, schemas.historySchema)) });
    return c.json({ stored }, 201);
  });
  app.post('/phones/:n/typing', async (c) => {
    world.typing({ phone: c.req.param('n'), ...(await body(c, schemas.typingSchema)) });
    return c.body(null, 204);
  });
  app.post('/phones/:n/react', async (c) => {
    world.react({ phone: c.req.param('n'), ...(await body(c, schemas.reactSchema)) });
    return c.body(null, 204);
  });
  app.post('/phones/:n/vote', async (c) => {
    world.vote({ phone: c.req.param('n'), ...(await body(c, schemas.voteSchema)) });
    return c.body(null, 204);
  });
  app.post('/phones/:n/plan', async (c) => {
    world.endPlan({ phone: c.req.param('n'), ...(await body(c, schemas.planSchema)) });
    return c.body(null, 204);
  });
  app.post('/phones/:n/unseal', async (c) => {
    world.unseal({ phone: c.req.param('n'), ...(await body(c, schemas.unsealSchema)) });
    return c.body(null, 204);
  });
  app.post('/phones/:n/edit', async (c) => {
    world.edit({ phone: c.req.param('n'), ...(await body(c, schemas.editSchema)) });
    return c.body(null, 204);
  });
  app.post('/phones/:n/revoke', async (c) => {
    world.revoke({ phone: c.req.param('n'), ...(await body(c, schemas.revokeSchema)) });
    return c.body(null, 204);
  });
  app.get('/rooms', (c) => c.json({ rooms: world.rooms() }));
  app.post('/rooms', async (c) => c.json(world.createRoom(await body(c, schemas.roomSchema)), 201));
}

function mountLinking(app: Hono, world: PhoneHand): void {
  app.post('/phones/:n/scan', async (c) =>
    c.json(world.scan(c.req.param('n'), (await body(c, schemas.scanSchema)).qr)),
  );
  app.post('/phones/:n/pairing-code', async (c) =>
    c.json(world.enterPairingCode(c.req.param('n'), (await body(c, schemas.pairingCodeSchema)).code)),
  );
  app.get('/phones/:n/passkey', (c) => c.json(world.passkey(c.req.param('n'))));
  app.post('/phones/:n/passkey/sign', async (c) =>
    c.json(world.signPasskey(c.req.param('n'), (await body(c, schemas.signingSchema)).challenge)),
  );
  app.get('/phones/:n/link-code', (c) => c.json({ code: world.linkCode(c.req.param('n')) }));
  app.post('/phones/:n/link-code/refuse', (c) => {
    world.refuseLinkCode(c.req.param('n'));
    return c.body(null, 204);
  });
  app.post('/phones/:n/logout-devices', async (c) => {
    const { device } = await body(c, schemas.unlinkSchema);
    return c.json({ unlinked: world.unlinkDevices(c.req.param('n'), device) });
  });
}

function mountFaults(app: Hono, world: PhoneHand): void {
  const changes = faultsSchema.partial();
  app.get('/faults', (c) => c.json(world.faults()));
  app.put('/faults', async (c) => c.json(world.setFaults(defined(await body(c, changes)))));
  app.delete('/faults', (c) => {
    world.clearFaults();
    return c.body(null, 204);
  });
  app.put('/phones/:n/faults', async (c) => c.json(world.setFaults(defined(await body(c, changes)), c.req.param('n'))));
  app.delete('/phones/:n/faults', (c) => {
    world.clearFaults(c.req.param('n'));
    return c.body(null, 204);
  });
  app.post('/phones/:n/faults/actions', async (c) =>
    c.json({ reached: world.act(c.req.param('n'), await body(c, faultActionSchema)) }),
  );
  app.get('/missing-modules', (c) => c.json({ modules: world.missingModules() }));
}

function mountPage(app: Hono, world: PhoneHand): void {
  app.get('/page', (c) => c.json(world.page()));
  app.put('/page', async (c) => c.json(world.setPage(defined(await body(c, pageChangesSchema)))));
}

function mountEvents(app: Hono, world: PhoneHand): void {
  app.get('/events', (c) => {
    const { after, limit, phone } = query(c, schemas.eventsQuerySchema);
    const start = Number(c.req.header('last-event-id') ?? after ?? 0);
    if (c.req.header('accept')?.includes('text/event-stream') !== true) {
      const events = world.events({ after: start, limit: limit ?? 500, phone });
      return c.json({ events, last: world.lastEvent() });
    }
    return streamSSE(c, async (stream) => {
      const ended = new AbortController();
      stream.onAbort(() => ended.abort());
      for await (const event of follow(world, { after: start, phone, signal: ended.signal })) {
        await stream.writeSSE({ id: String(event.seq), event: event.kind, data: JSON.stringify(event) });
      }
    });
  });
}

/** What is stored already, then what comes, each once and in order, until `signal` says that nobody listens. */
async function* follow(
  world: PhoneHand,
  { after, phone, signal }: { after: number; phone: string | undefined; signal: AbortSignal },
): AsyncGenerator<WorldEvent> {
  let cursor = after;
  let changed = Promise.withResolvers<void>();
  const unsubscribe = world.subscribe(() => changed.resolve());
  signal.addEventListener('abort', () => changed.resolve());
  try {
    while (!signal.aborted) {
      changed = Promise.withResolvers<void>();
      const batch = world.events({ after: cursor, limit: 500, phone });
      yield* batch;
      cursor = batch.at(-1)?.seq ?? cursor;
      if (batch.length === 0 && !signal.aborted) await changed.promise;
    }
  } finally {
    unsubscribe();
  }
}

async function body<T>(c: Context, schema: ZodType<T>): Promise<T> {
  const text = await c.req.text();
  let json: unknown;
  try {
    json = text === '' ? {} : JSON.parse(text);
  } catch {
    throw new InvalidInput([{ field: '', problem: 'The body is not JSON.' }]);
  }
  return check(schema, json);
}

function query<T>(c: Context, schema: ZodType<T>): T {
  return check(schema, c.req.query());
}

function check<T>(schema: ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new InvalidInput(result.error.issues.map((issue) => ({ field: issue.path.join('.'), problem: issue.message })));
}

/** `exactOptionalPropertyTypes`: zod says "may be undefined" where absent is meant. */
function defined<T extends object>(input: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const result: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const key in input) {
    const value = input[key];
    if (isDefined(value)) result[key] = value;
  }
  return result;
}

function isDefined<T>(value: T): value is Exclude<T, undefined> {
  return value !== undefined;
}

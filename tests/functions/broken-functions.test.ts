import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomUUID } from 'node:crypto';
import { linkNoticeVersion, realtimeProtocol } from '@top-active/core/contracts';
import { functions } from '@top-active/lambdas/functions';
import type { Plugin } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createHttpApi, type HttpApi } from '@top-active/cloud/api-gateway';
import type { AccessEvent } from '@top-active/cloud/iam';
import type { LambdaRuntime } from '@top-active/cloud/lambda-runtime';
import { createClosers } from '@top-active/local/stack/closers';
import { iamOf } from '@top-active/local/stack/environment';
import { httpRoutes, jwtOf, startFunctions } from '@top-active/local/stack/start-functions';
import { startLambdasFixture, type LambdasFixture, type TestUser } from '../support/lambdas-fixture.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const closers = createClosers();
const accesses: AccessEvent[] = [];
const mark = `secret-${randomUUID()}`;
let fixture: LambdasFixture;
let broken: { runtime: LambdaRuntime; api: HttpApi };
let ana: TestUser;
let bia: TestUser;
let chatId = '';
let messageId = '';
/** Refused accesses to the neighbour, by function. */
const refused = new Map<string, number>();

beforeAll(async () => {
  fixture = await startLambdasFixture({ onAccess: (event) => accesses.push(event), onDenied: () => undefined });
  ana = await fixture.newUser();
  bia = await fixture.newUser();
  await fillAccount(bia);
  // A key is looked at before it is stored.
  fixture.openAi.answer = () => ({ status: 200, body: { object: 'list', data: [] } });
  broken = await startBroken();
  // These bundles are this test's own, and made each time.
}, 120_000);
afterAll(async () => {
  await closers.closeAll();
  await fixture.close();
});

/** Something of each kind that a handler could give away. */
async function fillAccount({ tenant, api }: TestUser): Promise<void> {
  await api.request('/api/me', { method: 'PATCH', body: { about: mark } });
  const recorded = await tenant.messages.recordMessage({
    chat: { waIds: ['5511900001111@c.us'], name: mark, phone: '5511900001111', isGroup: false },
    message: {
      waId: 'wa-1',
      stanzaId: 'STANZA1',
      direction: 'in',
      author: 'customer',
      kind: 'text',
      text: mark,
      sentAt: 1_790_000_000,
      delivery: 'delivered',
    },
  });
  ({ chatId, messageId } = recorded);
  await tenant.chats.setAssistantMode(recorded.chatId, 'suggest');
  await tenant.credentials.put({ provider: 'openai', hint: 'wxyz', scopes: [], simulated: true, secret: mark });
}

/**
 * The mistake that isolation is for: whose partition is read, an id in the request says. The credentials are still
 * those of the person who is logged in. Injected into this test's bundles only.
 */
const trustTheRequest: Plugin = {
  name: 'trust-the-request',
  setup(build) {
    build.onResolve({ filter: /\.handler\.ts$/ }, ({ path, kind }) =>
      kind === 'entry-point' ? { path, namespace: 'broken' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'broken' }, ({ path }) => ({
      resolveDir: repository,
      contents: `
        import { handler as inner } from ${JSON.stringify(path)};
        export const handler = (event, context) => {
          const body = event?.Records?.[0]?.body;
          globalThis.trustedUserId = event?.headers?.['x-user-id'] ?? (body && JSON.parse(body).onBehalfOf);
          return inner(event, context);
        };`,
    }));
    build.onLoad({ filter: /aws[\\/]src[\\/]tenants[\\/]tenant\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const contents = source.replace(
        'const { userId, clients,',
        'const userId = (globalThis as any).trustedUserId ?? options.userId;\n  const { clients,',
      );
      if (contents === source) throw new Error('aws/src/tenants/tenant.ts no longer looks as this test expects.');
      return { contents, loader: 'ts' };
    });
  },
};

const touching = functions.filter(({ environment }) => environment.includes('TENANT_ROLE_ARN'));

async function startBroken(): Promise<typeof broken> {
  const dir = mkdtempSync(join(tmpdir(), 'broken-'));
  closers.add(() => rmSync(dir, { recursive: true, force: true }));
  const { cloud, environment } = fixture;
  const { runtime } = await startFunctions({
    environment,
    definitions: touching,
    replaced: { plugins: [trustTheRequest], dir },
    onLog: () => undefined,
  });
  closers.add(() => runtime.close());
  const api = await createHttpApi({
    routes: httpRoutes(touching),
    jwt: jwtOf(cloud),
    iam: iamOf(cloud),
    invoke: (name, event) => runtime.invoke(name, event),
  });
  closers.add(() => api.close());
  return { runtime, api };
}

/** A body that each writing route takes. */
const bodies: Readonly<Record<string, object>> = {
  'PATCH /api/me': { about: 'taken' },
  'PUT /api/credentials/openai': { key: 'sk-proj-good-0123456789abcdefWXYZ' },
  'PATCH /api/chats/{id}': { assistantMode: 'off' },
  'POST /api/chats/{id}/messages': { text: 'taken' },
  'POST /api/chats/{id}/merged': { chatId: '01ARZ3NDEKTSV4RRFFQ69G5FAV' },
  'DELETE /api/me': { password: 'correct horse 1' },
  'POST /api/me/second-factor': { password: 'correct horse 1' },
  'POST /api/me/second-factor/confirm': { password: 'correct horse 1', code: '123456' },
  'DELETE /api/me/second-factor': { password: 'correct horse 1', code: '123456' },
  'POST /api/whatsapp/notice': { version: linkNoticeVersion },
  'POST /api/whatsapp/pairing-code': { phone: '+55 (11) 91234-5678' },
  'POST /api/whatsapp/passkey/{requestId}': { outcome: 'refused' },
  'POST /api/whatsapp/comparison': { code: 'K7QX-2MPD', matches: true },
};

const guarded = touching.flatMap(({ name, trigger }) =>
  trigger.kind === 'http'
    ? trigger.routes
        .filter(({ authorizer }) => authorizer === 'jwt')
        .map(({ method, path }) => ({ name, method, path }))
    : [],
);

/** Accesses with a tenant's session that name the neighbour. */
function reaches(since: number): AccessEvent[] {
  return accesses
    .slice(since)
    .filter(
      ({ principal, context }) =>
        principal.includes(`user-${ana.userId}`) && JSON.stringify(context).includes(bia.userId),
    );
}

function expectDenied(name: string, since: number): void {
  const reached = reaches(since);
  expect(reached.filter(({ decision }) => decision === 'allow')).toEqual([]);
  // It was IAM: refused for another reason it would not have come so far.
  expect(reached.length).toBeGreaterThan(0);
  refused.set(name, (refused.get(name) ?? 0) + reached.length);
}

describe('a function that trusts an id from the request', () => {
  it.each(guarded)('gets nothing of it: $method $path', async ({ name, method, path }) => {
    const since = accesses.length;
    const body = bodies[`${method} ${path}`];
    const target = path
      .replace('/api/suggestions/{id}', '/api/suggestions/01ARZ3NDEKTSV4RRFFQ69G5FAV')
      .replace('{id}', chatId)
      .replace('{mergedId}', '01ARZ3NDEKTSV4RRFFQ69G5FAV')
      .replace('{requestId}', randomUUID());
    const response = await fetch(`${broken.api.endpoint}${target}`, {
      method,
      headers: {
        authorization: `Bearer ${ana.api.accessToken}`,
        'x-user-id': bia.userId,
        origin: fixture.origin,
        'x-origin-secret': 'origin-secret',
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
      },
      ...(method !== 'GET' && { body: JSON.stringify(body ?? {}) }),
    });
    const text = await response.text();
    expect(text).not.toContain(mark);
    expect(text).not.toContain(bia.userId);
    expectDenied(name, since);
    expect(response.status, text).toBeGreaterThanOrEqual(400);
  });

  it('gets nothing of it: a job of the assistant', async () => {
    const since = accesses.length;
    const job = { type: 'suggest', userId: ana.userId, chatId, messageId, onBehalfOf: bia.userId };
    const record = {
      messageId: 'm1',
      body: JSON.stringify(job),
      attributes: { MessageGroupId: 'g' },
      eventSource: 'aws:sqs',
    };
    const answer = await broken.runtime.invoke('assistant', { Records: [record] });
    expect(JSON.stringify(answer)).not.toContain(mark);
    expectDenied('assistant', since);
  });

  it('gets nothing of it: a WebSocket that opens', async () => {
    const { ticket } = await ana.api.request('/api/realtime/ticket', {
      method: 'POST',
      answer: z.object({ ticket: z.string() }),
    });
    const headers = {
      'Sec-WebSocket-Protocol': `${realtimeProtocol}, ${ticket}`,
      'x-user-id': bia.userId,
      'x-origin-secret': 'origin-secret',
    };
    const context = { requestId: 'r', connectionId: 'c', stage: 'live' };
    const opening = { type: 'REQUEST', methodArn: 'arn', headers, requestContext: context };
    const authorizer = { userId: ana.userId, sessionId: 's' };
    const connecting = { headers, requestContext: { ...context, routeKey: '$connect', authorizer } };
    for (const [name, event] of Object.entries({ 'realtime-authorizer': opening, realtime: connecting })) {
      const since = accesses.length;
      await expect(broken.runtime.invoke(name, event)).rejects.toThrow(/is not authorized to perform/);
      expectDenied(name, since);
    }
  });

  it('is stopped by IAM in every function that is told by somebody whom it serves', () => {
    // The first two find their users themselves, in tables; the third is asked by hosts, and tells by leases who may
    // act.
    const unasked = new Set(['maintenance', 'erasure', 'host-access']);
    const asked = touching.filter(({ name }) => !unasked.has(name)).map(({ name }) => name);
    expect(asked.filter((name) => !refused.get(name))).toEqual([]);
    const total = [...refused.values()].reduce((sum, count) => sum + count, 0);
    process.stdout.write(
      `Broken functions: ${asked.length}, ${guarded.length} routes; ${total} accesses to a neighbour, all denied.\n`,
    );
  });
});

describe('the neighbour', () => {
  it('still has everything, unchanged', async () => {
    const { items } = await bia.tenant.messages.page({ chatId, limit: 10 });
    expect(items.map(({ text }) => text)).toEqual([mark]);
    expect(await bia.tenant.profile.get()).toMatchObject({ about: mark });
    expect(await bia.tenant.chats.get(chatId)).toMatchObject({ assistantMode: 'suggest' });
    expect(await bia.tenant.credentials.get('openai')).toMatchObject({ hint: 'wxyz' });
  });
});

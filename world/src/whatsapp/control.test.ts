import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWhatsAppControl } from './control.ts';
import { newestBuild } from './page-builds.ts';
import { createWhatsAppWorld, type WhatsAppWorld } from './server.ts';
import { linkRawDevice } from './test-support/raw-device.ts';

const ana = '5511900000001';
const bruno = '5511900000002';

let dir: string;
let world: WhatsAppWorld;
let control: Hono;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'whatsapp-world-'));
  world = await createWhatsAppWorld({ dir });
  control = createWhatsAppControl(world);
  await post('/phones', { number: '+55 (11) 90000-0001', name: 'Ana' });
  await post('/phones', { number: bruno, name: 'Bruno', locale: 'pt-BR' });
});

afterEach(async () => {
  await world.close();
  await rm(dir, { recursive: true, force: true });
});

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; json: unknown }> {
  const init =
    body === undefined ? { method } : { method, body: typeof body === 'string' ? body : JSON.stringify(body) };
  const response = await control.request(path, init);
  const text = await response.text();
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
}

const post = (path: string, body?: unknown) => call('POST', path, body);
const get = (path: string) => call('GET', path);

describe('the control interface', () => {
  it('registers phones, and shows their state', async () => {
    expect(await get('/phones')).toMatchObject({ status: 200, json: { phones: [{ number: ana }, { number: bruno }] } });
    expect(await get(`/phones/${ana}`)).toMatchObject({ json: { pn: `${ana}@c.us`, devices: [], chats: 0 } });
    expect(await call('PATCH', `/phones/${ana}`, { autoRead: true })).toMatchObject({
      json: { autoRead: true, name: 'Ana' },
    });
  });

  it('sends, reads, reacts, edits and deletes as the person who holds the phone', async () => {
    const sent = await post(`/phones/${bruno}/messages`, { to: ana, text: 'oi', clientId: 'c-1' });
    expect(sent).toMatchObject({ status: 201, json: { id: 'c-1', ack: 2 } });
    expect(await post(`/phones/${ana}/chats/${bruno}/read`)).toMatchObject({ status: 204 });
    expect(await post(`/phones/${ana}/react`, { peer: bruno, id: 'c-1', emoji: '👍' })).toMatchObject({ status: 204 });
    expect(await post(`/phones/${bruno}/edit`, { peer: ana, id: 'c-1', text: 'olá' })).toMatchObject({ status: 204 });
    expect(await get(`/phones/${ana}/chats/${bruno}/messages?limit=10`)).toMatchObject({
      json: { messages: [{ text: 'olá', reactions: [{ author: ana, emoji: '👍' }] }] },
    });
    expect(await post(`/phones/${bruno}/revoke`, { peer: ana, id: 'c-1' })).toMatchObject({ status: 204 });
    expect(await get(`/phones/${ana}/log`)).toMatchObject({ json: { messages: [{ type: 'revoked' }] } });
    expect(await get(`/phones/${bruno}/chats`)).toMatchObject({
      json: { chats: [{ peer: ana, lastMessage: { ack: 3 } }] },
    });
  });

  it('takes media, and gives it back as data', async () => {
    const data = Buffer.from('<script>alert(1)</script>').toString('base64');
    await post(`/phones/${bruno}/messages`, { to: ana, media: { mimetype: 'text/html', data, filename: 'x.html' } });
    const [message] = world.received({ phone: ana });
    const response = await control.request(`/media/${message?.media?.id}`);
    expect(await response.text()).toBe('<script>alert(1)</script>');
    expect(response.headers.get('content-security-policy')).toBe('sandbox');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('says what is wrong with a request, field by field', async () => {
    expect(await post('/phones', { number: '12', name: '' })).toMatchObject({
      status: 400,
      json: { error: { code: 'invalid', fields: [{ field: 'number' }, { field: 'name' }] } },
    });
    expect(await post('/phones', '{')).toMatchObject({
      status: 400,
      json: { error: { message: 'The body is not JSON.' } },
    });
    expect(await post(`/phones/${ana}/messages`, { to: bruno })).toMatchObject({
      status: 400,
      json: { error: { message: 'needs text, media, album, place, contacts, poll, call or type' } },
    });
    expect(await post(`/phones/${ana}/messages`, { to: bruno, text: 'oi', colour: 'red' })).toMatchObject({
      status: 400,
    });
    expect(await get('/events?after=x')).toMatchObject({ status: 400 });
    expect(await get('/phones/5599999999999')).toMatchObject({ status: 404, json: { error: { code: 'not-found' } } });
    expect(await post(`/phones/${ana}/messages`, { to: '5599999999999', text: 'oi' })).toMatchObject({ status: 404 });
    expect(await post(`/phones/${ana}/scan`, { qr: 'hello' })).toMatchObject({ status: 400 });
    expect(await post(`/phones/${ana}/scan`, { qr: '2@x,a,b,c,1' })).toMatchObject({ status: 409 });
    expect(await post(`/phones/${ana}/pairing-code`, { code: 'AAAAAAAA' })).toMatchObject({ status: 409 });
  });

  it('sets faults for the world and for one phone, and takes them back', async () => {
    expect(await call('PUT', '/faults', { maxAck: 1 })).toMatchObject({ status: 200, json: { maxAck: 1 } });
    expect(await call('PUT', `/phones/${ana}/faults`, { maxAck: 3, fastSync: true })).toMatchObject({
      json: { maxAck: 3 },
    });
    expect(await get('/faults')).toMatchObject({
      json: { world: { maxAck: 1 }, phones: { [ana]: { fastSync: true } } },
    });
    expect(await call('PUT', '/faults', { maxAck: 9 })).toMatchObject({ status: 400 });
    expect(await call('PUT', '/faults', { nonsense: true })).toMatchObject({ status: 400 });
    expect(await call('DELETE', `/phones/${ana}/faults`)).toMatchObject({ status: 204 });
    expect(await post(`/phones/${ana}/faults/actions`, { action: 'reload' })).toMatchObject({ json: { reached: 0 } });
    expect(await post(`/phones/${ana}/faults/actions`, { action: 'explode' })).toMatchObject({ status: 400 });
  });

  it('says which page is served, and serves another', async () => {
    expect(await get('/page')).toMatchObject({ status: 200, json: { build: newestBuild, alias: '$1' } });
    expect(await call('PUT', '/page', { build: '2026-07' })).toMatchObject({ json: { build: '2026-07', alias: '$1' } });
    expect(await call('PUT', '/page', { alias: 'a' })).toMatchObject({ json: { build: '2026-07', alias: 'a' } });
    expect(await call('PUT', '/page', { build: '2019-01' })).toMatchObject({ status: 400 });
    expect(await call('PUT', '/page', { colour: 'green' })).toMatchObject({ status: 400 });
    expect(await get('/page')).toMatchObject({ json: { build: '2026-07', alias: 'a' } });
  });

  it('logs out linked devices', async () => {
    const device = await linkRawDevice(world, ana);
    expect(await get(`/phones/${ana}`)).toMatchObject({ json: { devices: [{ connected: true }] } });
    expect(await post(`/phones/${ana}/logout-devices`)).toMatchObject({ json: { unlinked: 1 } });
    expect(await get(`/phones/${ana}`)).toMatchObject({ json: { devices: [] } });
    await device.close();
  });

  it('tells what happened after a cursor', async () => {
    const last = world.lastEvent();
    expect(await get('/events')).toMatchObject({ json: { last } });
    await post(`/phones/${bruno}/typing`, { to: ana });
    await post(`/phones/${bruno}/online`, { online: false });
    expect(await get(`/events?after=${last}&limit=10`)).toMatchObject({
      json: {
        events: [
          { kind: 'typing', phone: ana },
          { kind: 'phone-changed', phone: bruno },
        ],
        last: last + 2,
      },
    });
    expect(await get(`/events?after=${last}&phone=${bruno}`)).toMatchObject({
      json: { events: [{ kind: 'phone-changed' }] },
    });
  });

  it('streams what happened and what happens, each once and in order', async () => {
    world.send({ from: bruno, to: ana, text: 'antes' });
    const abort = new AbortController();
    const response = await control.request('/events?after=0', {
      headers: { accept: 'text/event-stream' },
      signal: abort.signal,
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const seqs = () => [...text.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]));
    while (seqs().length < world.lastEvent()) text += (await reader?.read())?.value ?? '';
    world.send({ from: bruno, to: ana, text: 'depois' });
    while (!text.includes('depois')) text += (await reader?.read())?.value ?? '';
    while (seqs().length < world.lastEvent()) text += (await reader?.read())?.value ?? '';
    expect(seqs()).toEqual(Array.from({ length: world.lastEvent() }, (_, i) => i + 1));
    await reader?.cancel();
    abort.abort();
  });
});

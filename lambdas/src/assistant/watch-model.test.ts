import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { KnownModels } from '@top-active/aws';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createModelWatch } from './watch-model.ts';

const model = 'gpt-6-luna';
const hour = 3600_000;
const noon = Date.parse('2026-11-30T12:00:00.000Z');

/** What OpenAI answers, and how often it was asked. */
let openAi: { status: number; shutdownDate: string | null; asked: number };
let noted: object[];
let now: number;
let server: Server;
let baseUrl: string;

beforeAll(async () => {
  server = createServer((_, response) => {
    openAi.asked += 1;
    const body = { id: model, object: 'model', shutdown_date: openAi.shutdownDate };
    response.writeHead(openAi.status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
afterAll(
  () =>
    new Promise((resolve) => {
      server.close(resolve);
    }),
);
beforeEach(() => {
  openAi = { status: 200, shutdownDate: null, asked: 0 };
  noted = [];
  now = noon;
});

function startWatch(note: (met: object) => Promise<void> = async (met) => void noted.push(met)) {
  const models = { note } as unknown as KnownModels;
  return createModelWatch({ models, openAi: { baseUrl, model }, now: () => now });
}

it('asks once in six hours, and notes what it hears', async () => {
  const watch = startWatch();
  openAi.shutdownDate = '2026-12-30';
  const ends = { modelEnds: { model, on: '2026-12-30' } };
  expect(await watch.look('sk')).toEqual(ends);
  expect(noted).toEqual([
    { model, available: true, shutdownDate: '2026-12-30', checkedAt: '2026-11-30T12:00:00.000Z' },
  ]);
  now += 6 * hour;
  expect(await watch.look('sk')).toEqual(ends);
  expect(openAi.asked).toBe(1);
  openAi.shutdownDate = null;
  now += 1;
  expect(await watch.look('sk')).toEqual({});
  expect(openAi.asked).toBe(2);
  expect(noted[1]).toEqual({ model, available: true, checkedAt: '2026-11-30T18:00:00.001Z' });
});

it('tells owners less than sixty days before', async () => {
  openAi.shutdownDate = '2027-01-29';
  expect(await startWatch().look('sk')).toEqual({});
  now += hour * 24;
  expect(await startWatch().look('sk')).toEqual({ modelEnds: { model, on: '2027-01-29' } });
});

it('knows nothing with a key that may not look, and asks again', async () => {
  openAi.status = 401;
  const watch = startWatch();
  expect(await watch.look('sk')).toBeUndefined();
  expect(noted).toEqual([]);
  openAi.status = 200;
  expect(await watch.look('sk')).toEqual({});
});

it('takes nothing for a day that is none', async () => {
  openAi.shutdownDate = 'soon';
  expect(await startWatch().look('sk')).toEqual({});
});

it('notes a model that is gone, and goes on when nothing can be noted', async () => {
  await startWatch().gone();
  expect(noted).toEqual([{ model, available: false, checkedAt: '2026-11-30T12:00:00.000Z' }]);
  const watch = startWatch(() => Promise.reject(new Error('Throttled')));
  await expect(watch.gone()).resolves.toBeUndefined();
  expect(await watch.look('sk')).toEqual({});
});

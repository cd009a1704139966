import OpenAI from 'openai';
import { serveApps, type Served } from '../test-support/serve.ts';
import { makeTemporaryFolder } from '../test-support/temporary-folder.ts';
import { createOpenAiControl } from './control.ts';
import { demoKey } from './keys.ts';
import { createOpenAiWorld, type OpenAiWorld } from './world.ts';

export interface OpenAiFixture {
  world: OpenAiWorld;
  origin: string;
  /** The real client, without retries. */
  client(key?: string): OpenAI;
  control(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function startOpenAi(): Promise<OpenAiFixture> {
  const folder = makeTemporaryFolder();
  let world: OpenAiWorld;
  let served: Served;

  async function start(): Promise<void> {
    world = createOpenAiWorld({ dir: folder.path, now: () => Date.parse('2026-11-24T11:05:00Z') });
    served = await serveApps({ '/openai': world.app, '/control/openai': createOpenAiControl(world) });
  }
  async function stop(): Promise<void> {
    world.close();
    await served.close();
  }
  await start();

  return {
    get world() {
      return world;
    },
    get origin() {
      return served.origin;
    },
    client: (apiKey = demoKey) =>
      new OpenAI({ apiKey, baseURL: `${served.origin}/openai/v1`, maxRetries: 0, timeout: 10_000, logLevel: 'off' }),
    async control(method, path, body) {
      const answer = await fetch(`${served.origin}/control/openai${path}`, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      const text = await answer.text();
      const content: unknown = text ? JSON.parse(text) : undefined;
      return { status: answer.status, body: content };
    },
    async restart() {
      await stop();
      await start();
    },
    async close() {
      await stop();
      folder.remove();
    },
  };
}

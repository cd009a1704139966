import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { freePort } from '@top-active/cloud/loopback';
import type { Closers } from '@top-active/local/stack/closers';
import { simulatedGoogleClientId } from '@top-active/local/stack/providers';
import { createGoogleWorld, type GoogleWorld } from '@top-active/world/google';

/** What a test's OpenAI answers to a request. */
type OpenAiAnswer = (request: { path: string; key: string; body: unknown }) => OpenAiReply | Promise<OpenAiReply>;

export interface OpenAiReply {
  status: number;
  body: object;
}

export interface ProvidersFixture {
  /** Of both. */
  origin: string;
  google: GoogleWorld;
  /** 401 for every key until a test says otherwise. */
  openAi: { answer: OpenAiAnswer };
  clientSecret: string;
}

/** The simulated Google, and an OpenAI that answers as the test says, at one address. */
export async function startProviders({
  dir,
  redirectUri,
  closers,
}: {
  /** State of Google. */
  dir: string;
  /** Where Google sends browsers back to. */
  redirectUri: string;
  closers: Closers;
}): Promise<ProvidersFixture> {
  const google = createGoogleWorld({ dir });
  closers.add(() => google.close());
  const clientSecret = 'google-client-secret';
  google.registerClient({ clientId: simulatedGoogleClientId, clientSecret, redirectUris: [redirectUri] });
  const openAi: ProvidersFixture['openAi'] = {
    answer: () => ({ status: 401, body: { error: { code: 'invalid_api_key' } } }),
  };
  const app = new Hono();
  app.route('/google', google.app);
  app.all('/openai/v1/*', async (c) => {
    const text = await c.req.text();
    const { status, body } = await openAi.answer({
      path: c.req.path.replace('/openai/v1', ''),
      key: (c.req.header('authorization') ?? '').replace('Bearer ', ''),
      body: text === '' ? undefined : JSON.parse(text),
    });
    return Response.json(body, { status });
  });
  const port = await freePort();
  const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' });
  closers.add(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
      }),
  );
  return { origin: `http://127.0.0.1:${port}`, google, openAi, clientSecret };
}

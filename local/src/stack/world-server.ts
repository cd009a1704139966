import { getRequestListener } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closeServer, isOwnName, listenOnLoopback } from '@top-active/cloud/loopback';

/** The phones page and the media that its people send each other come from here, and nothing from elsewhere. */
const phonesPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "media-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
const phonesDir = fileURLToPath(new URL('../../../world/phones/dist', import.meta.url));

export interface WorldServerOptions {
  port: number;
  appOrigin: string;
  /** Apps by the path where they are mounted. */
  mounts: Readonly<Record<string, Hono>>;
}

/** One address for everything that isn't the product: phones, mailbox, consent pages, providers, control interface. */
export async function startWorldServer({
  port,
  appOrigin,
  mounts,
}: WorldServerOptions): Promise<{ origin: string; close(): Promise<void> }> {
  const app = new Hono();
  // A page of somebody else's domain that resolves to this machine must not reach the control interface.
  app.use(async (c, next) => {
    if (!isOwnName(c.req.header('host'))) return c.text('Only as 127.0.0.1', 403);
    // Nor may a foreign page send what needs no permission of ours (a form, or text). Its Origin may say `null`, as
    // that of our own forms does.
    const site = c.req.header('sec-fetch-site') ?? 'none';
    const reads = c.req.method === 'GET' || c.req.method === 'HEAD';
    if (!reads && site !== 'same-origin' && site !== 'none')
      return c.text('Only pages of this address may ask for this', 403);
    return next();
  });
  for (const [path, mounted] of Object.entries(mounts)) app.route(path, mounted);
  app.get('/', (c) => c.redirect('/phones/'));
  app.get('/control/addresses', (c) => c.json({ app: appOrigin, mailbox: '/mailbox', reference: '/reference' }));
  app.route('/reference', reference(appOrigin));
  app.get('/phones', (c) => c.redirect('/phones/'));
  app.get('/reference/', (c) => c.redirect('/reference'));
  app.use('/phones/*', async (c, next) => {
    await next();
    c.header('content-security-policy', phonesPolicy);
    c.header('x-content-type-options', 'nosniff');
    c.header('referrer-policy', 'no-referrer');
    // Only hashed names never change their content.
    c.header('cache-control', c.req.path.startsWith('/phones/assets/') ? 'max-age=31536000, immutable' : 'no-cache');
  });
  app.use(
    '/phones/*',
    serveStatic({
      root: relative(process.cwd(), phonesDir) || '.',
      rewriteRequestPath: (path) => path.replace(/^\/phones/, ''),
    }),
  );

  const answer = getRequestListener(app.fetch);
  const server = createServer((request, response) => void answer(request, response));
  const taken = await listenOnLoopback(server, { port, what: 'the simulated world' });
  return { origin: `http://127.0.0.1:${taken}`, close: () => closeServer(server) };
}

/** The API reference: Swagger UI from npm on the product's own OpenAPI document. */
function reference(appOrigin: string): Hono {
  const require = createRequire(import.meta.url);
  const assets = dirname(require.resolve('swagger-ui-dist/package.json'));
  const page = new Hono();
  page.get('/', (c) =>
    c.html(`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Top Active WhatsApp · API</title>
    <link rel="stylesheet" href="/reference/assets/swagger-ui.css" />
    <link rel="icon" href="data:," />
  </head>
  <body>
    <div id="reference"></div>
    <script src="/reference/assets/swagger-ui-bundle.js"></script>
    <script src="/reference/start.js"></script>
  </body>
</html>`),
  );
  page.get('/start.js', (c) =>
    c.body(
      "SwaggerUIBundle({ url: '/reference/openapi.json', dom_id: '#reference', supportedSubmitMethods: [] });",
      200,
      {
        'content-type': 'text/javascript',
      },
    ),
  );
  page.get('/openapi.json', async (c) => {
    const answer = await fetch(`${appOrigin}/api/openapi.json`, { signal: AbortSignal.timeout(10_000) });
    return c.body(await answer.text(), answer.ok ? 200 : 502, { 'content-type': 'application/json' });
  });
  page.use(
    '/assets/*',
    serveStatic({
      root: relative(process.cwd(), assets) || '.',
      rewriteRequestPath: (path) => path.replace(/^\/reference\/assets/, ''),
    }),
  );
  return page;
}

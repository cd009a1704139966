import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { WebSocketServer } from 'ws';
import type { Socket } from 'node:net';
import type { Certificate } from './certificate.ts';
import type { Connections } from './connections.ts';
import { WhatsAppRefusal } from './errors.ts';
import { largestMedia, mediaIdOf } from './media-store.ts';
import { pageCss, pageHtml, pageScript } from './page-bundle.ts';
import type { WorldParts } from './parts.ts';

/** As strict as the library allows: the page evaluates what puppeteer hands it, and media are blob: URLs. */
const contentSecurityPolicy = [
  `default-src 'self' data: blob:`,
  `connect-src 'self' data: blob: wss://web.whatsapp.com`,
  `script-src 'self' 'unsafe-eval'`,
  `style-src 'self' 'unsafe-inline'`,
  `object-src 'none'`,
  `base-uri 'none'`,
].join('; ');

export interface PageServer {
  port: number;
  close(): Promise<void>;
}

interface Options {
  certificate: Certificate;
  connections: Connections;
  parts: WorldParts;
  port: number;
}

/** Serves `https://web.whatsapp.com/` and its socket on loopback. */
export async function startPageServer({ certificate, connections, parts, port }: Options): Promise<PageServer> {
  const script = await pageScript();
  const server = createServer({ key: certificate.key, cert: certificate.cert }, (request, response) => {
    respond({ request, response, script, parts }).catch((error: unknown) => {
      const refusal = error instanceof WhatsAppRefusal ? error : undefined;
      response.writeHead(refusal?.status ?? 500).end(refusal?.message ?? 'The stand-in failed.');
    });
  });
  const connected = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connected.add(socket);
    socket.on('close', () => connected.delete(socket));
    if (parts.faults.of().unreachable) socket.destroy();
  });
  const unsubscribe = parts.events.subscribe(({ kind }) => {
    if (kind === 'faults-changed' && parts.faults.of().unreachable) for (const socket of connected) socket.destroy();
  });
  const sockets = new WebSocketServer({ server, path: '/ws/chat', maxPayload: 4 * 1024 * 1024 });
  sockets.on('connection', (socket) => {
    const connection = connections.accept({ send: (text) => socket.send(text), close: () => socket.close() });
    socket.on('message', (data: Buffer) => connection.receive(data.toString('utf8')));
    socket.on('close', () => connection.closed());
    // A reset is followed by `close`, which does all that is to be done.
    socket.on('error', () => {});
  });
  await listen(server, port);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The page server has no port.');
  return {
    port: address.port,
    async close() {
      unsubscribe();
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  script: string;
  parts: WorldParts;
}

async function respond({ request, response, script, parts }: Exchange): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'https://web.whatsapp.com');
  const answer = (type: string, body: string | Uint8Array) => {
    response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
  };
  if (request.method === 'POST' && pathname === '/mms/upload') {
    answer('application/json', JSON.stringify(await upload(request, parts)));
  } else if (pathname === '/page.js') answer('text/javascript; charset=utf-8', script);
  else if (pathname === '/page.css') answer('text/css; charset=utf-8', pageCss);
  else if (pathname === '/robots.txt') answer('text/plain; charset=utf-8', 'User-agent: *\nDisallow: /\n');
  else if (mediaIdOf(pathname) !== undefined) download({ pathname, response, parts });
  else if (pathname === '/') {
    response.setHeader('content-security-policy', contentSecurityPolicy);
    answer('text/html; charset=utf-8', pageHtml(parts.page.get()));
  } else response.writeHead(404).end();
}

function download({ pathname, response, parts }: Omit<Exchange, 'request' | 'script'> & { pathname: string }): void {
  const id = mediaIdOf(pathname) ?? '';
  const bytes = parts.faults.of().expiredMedia ? undefined : parts.media.bytes(id);
  if (bytes === undefined) response.writeHead(404).end();
  else response.writeHead(200, { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' }).end(bytes);
}

async function upload(request: IncomingMessage, parts: WorldParts): Promise<object> {
  const device = parts.devices.get(String(request.headers['x-device'] ?? ''));
  if (device === undefined || request.headers.authorization !== `Bearer ${device.token}`) {
    throw new WhatsAppRefusal('not-found', 'Only a linked device can upload.');
  }
  if (parts.faults.of(device.phone).refuseUploads) throw new WhatsAppRefusal('conflict', 'Uploads are refused here.');
  const bytes = await readBody(request);
  const mimetype = request.headers['content-type'] ?? 'application/octet-stream';
  const filename = request.headers['x-filename'];
  const name = typeof filename === 'string' ? decodeURIComponent(filename) : null;
  const { id } = parts.media.put({ mimetype, filename: name, bytes });
  return parts.media.wire(id) ?? {};
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > largestMedia) throw new WhatsAppRefusal('too-large', 'The upload is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

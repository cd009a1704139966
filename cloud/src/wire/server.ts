import { createServer, type IncomingMessage } from 'node:http';
import { isOwnName } from '../loopback/index.ts';

export interface WireRequest {
  method: string;
  /** Path without query string. */
  path: string;
  headers: NodeJS.Dict<string | string[]>;
  body: string;
}

export interface WireResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface WireServerOptions {
  /** 0 or absent: a free one. */
  port?: number | undefined;
  handle: (request: WireRequest) => Promise<WireResponse>;
  /** Told of everything that is not a refusal of the service. */
  onError: (error: unknown) => void;
}

export interface WireServer {
  /** `http://127.0.0.1:<port>` */
  endpoint: string;
  /** Lets requests under way finish, at most 2 s. */
  close(): Promise<void>;
}

const maxBodyBytes = 1024 * 1024;
const closeGraceMs = 2_000;

/** An HTTP server on loopback that reads whole bodies. */
export async function startWireServer(options: WireServerOptions): Promise<WireServer> {
  const server = createServer({ requestTimeout: 30_000 }, (incoming, outgoing) => {
    respond(incoming, options.handle)
      .catch((error: unknown): WireResponse => {
        options.onError(error);
        return { status: 500, headers: {}, body: '' };
      })
      .then(({ status, headers, body }) => outgoing.writeHead(status, headers).end(body), options.onError);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');

  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve, reject) => {
        const cut = setTimeout(() => server.closeAllConnections(), closeGraceMs);
        server.close((error) => {
          clearTimeout(cut);
          if (error) reject(error);
          else resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

async function respond(incoming: IncomingMessage, handle: WireServerOptions['handle']): Promise<WireResponse> {
  if (!isOwnName(incoming.headers.host)) return { status: 403, headers: { connection: 'close' }, body: '' };
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) return { status: 413, headers: { connection: 'close' }, body: '' };
    chunks.push(chunk);
  }
  return handle({
    method: incoming.method ?? 'GET',
    path: new URL(incoming.url ?? '/', 'http://127.0.0.1').pathname,
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  });
}

import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { closeServer, isOwnName, listenOnLoopback, splitTarget } from '../loopback/index.ts';
import { forwardRequest, forwardUpgrade } from './forward.ts';
import { serveFile } from './static-files.ts';

export interface EdgeOptions {
  /** 0 or absent: a free one. */
  port?: number | undefined;
  /** Folder of the built web app. */
  webDir: string;
  /** Origin of the HTTP API, without path. */
  httpApiEndpoint: string;
  /** Address of the WebSocket API's stage, like `http://127.0.0.1:1234/live`. */
  webSocketEndpoint: string;
  /** Shared with the Lambdas, which believe a client address only together with it. Absent: none is sent. */
  originSecret?: string | undefined;
}

export interface Edge {
  /** `http://127.0.0.1:<port>` */
  origin: string;
  /** Cuts WebSockets at once, and requests under way after 2 s. */
  close(): Promise<void>;
}

/**
 * CloudFront's place on the laptop: one origin for the web app, `/api/*` and `/ws`.
 * @throws PortTakenError
 */
export async function createEdge(options: EdgeOptions): Promise<Edge> {
  const { webDir, httpApiEndpoint, originSecret } = options;
  const webSocketStage = new URL(options.webSocketEndpoint);
  const upgraded = new Set<Duplex>();

  function addedHeaders({ socket }: IncomingMessage): Record<string, string> {
    return {
      'cloudfront-viewer-address': `${socket.remoteAddress}:${socket.remotePort}`,
      ...(originSecret !== undefined && { 'x-origin-secret': originSecret }),
    };
  }

  const server = createServer((request, response) => {
    const { path } = splitTarget(request);
    const headers = addedHeaders(request);
    if (!isOwnName(request.headers.host)) {
      response.writeHead(403, { 'content-type': 'text/plain', connection: 'close' }).end('Only as 127.0.0.1');
      return;
    }
    if (path.startsWith('/api/'))
      forwardRequest({ request, response, origin: httpApiEndpoint, path: request.url ?? '/', headers });
    else serveFile({ request, response, path, dir: webDir });
  });
  server.on('upgrade', (request, socket, head) => {
    const { path, query } = splitTarget(request);
    if (path !== '/ws') {
      socket.on('error', () => socket.destroy());
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    const stagePath = webSocketStage.pathname + (query && `?${query}`);
    const { origin } = new URL(`http://${webSocketStage.host}`);
    forwardUpgrade({ request, socket, head, origin, path: stagePath, headers: addedHeaders(request) });
  });

  const port = await listenOnLoopback(server, { port: options.port, what: 'the app' });
  return {
    origin: `http://127.0.0.1:${port}`,
    async close() {
      const closed = closeServer(server);
      for (const socket of upgraded) socket.destroy();
      await closed;
    },
  };
}

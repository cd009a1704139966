import { createServer } from 'node:http';
import { closeServer, listenOnLoopback } from '../loopback/index.ts';
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
  /** Shared with the Lambdas, which believe a client address only together with it. */
  originSecret: string;
}

export interface Edge {
  origin: string;
  close(): Promise<void>;
}

/** CloudFront's place on the laptop: one origin for the web app, `/api/*` and `/ws`. */
export async function createEdge(options: EdgeOptions): Promise<Edge> {
  const addedHeaders = (remoteAddress: string | undefined, remotePort: number | undefined) => ({
    'cloudfront-viewer-address': `${remoteAddress ?? '127.0.0.1'}:${remotePort ?? 0}`,
    'x-origin-secret': options.originSecret,
  });
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://edge').pathname;
    const { remoteAddress, remotePort } = request.socket;
    if (path.startsWith('/api/'))
      forwardRequest({
        request,
        response,
        target: options.httpApiEndpoint,
        headers: addedHeaders(remoteAddress, remotePort),
      });
    else serveFile({ request, response, path, dir: options.webDir });
  });
  server.on('upgrade', (request, socket, head) => {
    if (new URL(request.url ?? '/', 'http://edge').pathname !== '/ws') {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const { remoteAddress, remotePort } = request.socket;
    forwardUpgrade({
      request,
      socket,
      head,
      target: options.webSocketEndpoint,
      headers: addedHeaders(remoteAddress, remotePort),
    });
  });
  const port = await listenOnLoopback(server, { port: options.port, what: 'the app' });
  return { origin: `http://127.0.0.1:${port}`, close: () => closeServer(server) };
}

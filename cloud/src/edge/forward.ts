import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** A little more than API Gateway takes at most. */
const originTimeoutMs = 35_000;
/** What CloudFront sets itself: a viewer can't. */
const reserved = new Set(['cloudfront-viewer-address', 'x-origin-secret', 'host', 'connection']);

interface Forward {
  request: IncomingMessage;
  /** `http://127.0.0.1:<port>` */
  origin: string;
  /** Path and query, as they go to the origin. */
  path: string;
  /** Added to those of the viewer. */
  headers: Record<string, string>;
}

/** Passes a request to its origin and the answer back, streaming both. */
export function forwardRequest({ response, ...forward }: Forward & { response: ServerResponse }): void {
  const { request } = forward;
  const upstream = httpRequest({ ...target(forward), method: request.method });
  upstream.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  });
  upstream.on('timeout', () => upstream.destroy(new Error('The origin took too long.')));
  upstream.on('error', () => {
    if (!response.headersSent) response.writeHead(502, { 'content-type': 'text/plain' });
    response.end('The origin does not answer.');
  });
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
}

/** Passes a WebSocket handshake to the stage and then bytes both ways. */
export function forwardUpgrade({ socket, head, ...forward }: Forward & { socket: Duplex; head: Buffer }): void {
  const { headers, ...to } = target(forward);
  const upstream = httpRequest({ ...to, headers: { ...headers, connection: 'Upgrade', upgrade: 'websocket' } });
  upstream.on('upgrade', (answer, upstreamSocket, upstreamHead) => {
    upstreamSocket.setTimeout(0);
    socket.write(statusAndHeaders(answer));
    socket.write(upstreamHead);
    upstreamSocket.write(head);
    tie(socket, upstreamSocket);
    tie(upstreamSocket, socket);
  });
  upstream.on('response', (answer) => {
    socket.write(statusAndHeaders(answer));
    answer.on('error', () => socket.destroy());
    answer.pipe(socket);
  });
  upstream.on('timeout', () => upstream.destroy(new Error('The origin took too long.')));
  upstream.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'));
  socket.on('error', () => upstream.destroy());
  socket.on('close', () => upstream.destroy());
  upstream.end();
}

function tie(from: Duplex, to: Duplex): void {
  from.pipe(to);
  from.on('error', () => to.destroy());
  from.on('close', () => to.destroy());
}

function target({ request, origin, path, headers }: Forward) {
  const { hostname, port } = new URL(origin);
  return { hostname, port, path, headers: outgoing(request, headers), timeout: originTimeoutMs };
}

function outgoing(request: IncomingMessage, added: Record<string, string>): OutgoingHttpHeaders {
  const kept = Object.entries(request.headers).filter(([name]) => !reserved.has(name));
  return { ...Object.fromEntries(kept), ...added };
}

function statusAndHeaders(answer: IncomingMessage): string {
  const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`];
  for (let index = 0; index < answer.rawHeaders.length; index += 2)
    lines.push(`${answer.rawHeaders[index]}: ${answer.rawHeaders[index + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

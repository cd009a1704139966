import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

const originTimeoutMs = 35_000;
// What CloudFront overwrites: a viewer can't set them.
const reserved = ['cloudfront-viewer-address', 'x-origin-secret', 'host', 'connection'];

interface Forward {
  request: IncomingMessage;
  /** Origin, or full address of a WebSocket stage. */
  target: string;
  headers: Record<string, string>;
}

/** Passes a request to its origin and the answer back, streaming both. */
export function forwardRequest({ request, response, target, headers }: Forward & { response: ServerResponse }): void {
  const upstream = httpRequest(
    new URL(request.url ?? '/', target),
    { method: request.method, headers: outgoing(request, headers), timeout: originTimeoutMs },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  upstream.on('timeout', () => upstream.destroy(new Error('The origin took too long')));
  upstream.on('error', () => {
    if (!response.headersSent) response.writeHead(502, { 'content-type': 'text/plain' });
    response.end('The origin does not answer.');
  });
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
}

/** Passes a WebSocket handshake to the stage and then bytes both ways. */
export function forwardUpgrade({
  request,
  socket,
  head,
  target,
  headers,
}: Forward & { socket: Duplex; head: Buffer }): void {
  const upstream = httpRequest(target, {
    headers: { ...outgoing(request, headers), connection: 'Upgrade', upgrade: 'websocket' },
    timeout: originTimeoutMs,
  });
  upstream.on('upgrade', (answer, upstreamSocket, upstreamHead) => {
    socket.write(statusAndHeaders(answer));
    socket.write(upstreamHead);
    upstreamSocket.write(head);
    upstreamSocket.setTimeout(0);
    upstreamSocket.pipe(socket).pipe(upstreamSocket);
    for (const [one, other] of [
      [socket, upstreamSocket],
      [upstreamSocket, socket],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  upstream.on('response', (answer) => {
    socket.write(statusAndHeaders(answer));
    answer.pipe(socket);
  });
  upstream.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'));
  socket.on('error', () => upstream.destroy());
  upstream.end();
}

function outgoing(request: IncomingMessage, added: Record<string, string>): OutgoingHttpHeaders {
  const kept = Object.entries(request.headers).filter(([name]) => !reserved.includes(name));
  return { ...Object.fromEntries(kept), ...added };
}

function statusAndHeaders(answer: IncomingMessage): string {
  const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`];
  for (let index = 0; index < answer.rawHeaders.length; index += 2)
    lines.push(`${answer.rawHeaders[index]}: ${answer.rawHeaders[index + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

import { randomUUID } from 'node:crypto';
import { createServer, STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { closeServer, listenOnLoopback, splitTarget } from '../loopback/index.ts';
import { warnOfError } from '../wire/emulator.ts';
import type { Authorize } from '../wire/index.ts';
import { watchConnection, type Connection } from './websocket-connections.ts';
import { newConnection, type ConnectionFacts } from './websocket-events.ts';
import { shakeHands, type HandshakeFunctions } from './websocket-handshake.ts';
import { manageConnection } from './websocket-management.ts';
import { createWebSocketRoutes, type WebSocketRoutesOptions } from './websocket-routes.ts';

export interface WebSocketApiOptions extends HandshakeFunctions, WebSocketRoutesOptions {
  /** 0 or absent: a free one. */
  port?: number | undefined;
  /** Path on which the API answers, without slash. */
  stage: string;
  /** As in ARNs; `local` by default. */
  apiId?: string | undefined;
  /** Asked for every @connections request (`execute-api:ManageConnections`). Absent: whoever signs may. */
  authorize?: Authorize | undefined;
  /** 10 min, as in AWS. Messages count, in both directions; pings don't. */
  idleTimeoutMs?: number | undefined;
  /** 2 h, as in AWS. */
  maxAgeMs?: number | undefined;
  /** 29 s, as in AWS. */
  integrationTimeoutMs?: number | undefined;
  /** Told of failures of the gateway itself; a process warning by default. */
  onError?: ((error: unknown) => void) | undefined;
}

export interface WebSocketApi {
  /** `ws://127.0.0.1:<port>/<stage>`, for clients. */
  endpoint: string;
  /** `http://127.0.0.1:<port>/<stage>`, for ApiGatewayManagementApiClient. */
  managementEndpoint: string;
  /** Closes all connections, calls $disconnect for each, and waits for the functions at most 5 s. */
  close(): Promise<void>;
}

const messageLimitBytes = 128 * 1024;
const closeGraceMs = 1_000;
const functionGraceMs = 5_000;

/**
 * A WebSocket API of API Gateway with Lambda integrations, and its @connections API.
 * @throws PortTakenError
 */
export async function createWebSocketApi(options: WebSocketApiOptions): Promise<WebSocketApi> {
  const { stage, apiId = 'local', onError = warnOfError, integrationTimeoutMs = 29_000, authorize } = options;
  const limits = { idleTimeoutMs: options.idleTimeoutMs ?? 600_000, maxAgeMs: options.maxAgeMs ?? 7_200_000 };
  const routes = createWebSocketRoutes({ ...options, integrationTimeoutMs, onError });
  const connections = new Map<string, Connection>();
  const handshakes = new Set<Duplex>();
  const underWay = new Set<Promise<void>>();
  const protocols = new WeakMap<IncomingMessage, string>();
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: messageLimitBytes,
    handleProtocols: (_, request) => protocols.get(request) ?? false,
  });
  let closed = false;

  const server = createServer((request, response) => {
    track(serveManagement(request, response));
  });
  server.on('upgrade', (request, socket, head) => {
    // Without a listener the reset of a client that leaves during the handshake would end the process.
    socket.on('error', () => socket.destroy());
    handshakes.add(socket);
    track(connect(request, socket, head).finally(() => handshakes.delete(socket)));
  });

  /** Failures end up in onError; close() waits for what is under way. */
  function track(work: Promise<void>): void {
    const tracked = work.catch(onError).finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  }

  async function serveManagement(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { statusCode, headers, body } = await manageConnection(request, { apiId, stage, connections, authorize });
    response.writeHead(statusCode, { ...headers, 'x-amzn-requestid': randomUUID() }).end(body);
  }

  async function connect(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    if (splitTarget(request).path !== `/${stage}`) {
      refuse(socket, 403, { message: 'Forbidden' });
      return;
    }
    const facts = newConnection(request, { apiId, stage });
    const outcome = await shakeHands(facts, request, { ...options, integrationTimeoutMs, onError });
    if (!outcome.accepted) {
      const { connectionId } = facts;
      refuse(socket, outcome.statusCode, { message: outcome.message, connectionId, requestId: randomUUID() });
      return;
    }
    const connected = { ...facts, authorizer: outcome.authorizer };
    if (outcome.protocol !== undefined) protocols.set(request, outcome.protocol);
    let open = false;
    if (closed) refuse(socket, 503, { message: 'Service Unavailable' });
    else
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        open = true;
        serve(webSocket, connected);
      });
    // The client left while $connect was being answered: the function has to hear of that too.
    if (!open) await routes.disconnect(connected, 1006, '');
  }

  function serve(webSocket: WebSocket, facts: ConnectionFacts): void {
    const connection = watchConnection(facts, webSocket, limits);
    connections.set(facts.connectionId, connection);
    webSocket.on('message', (data, isBinary) => {
      connection.touch();
      track(routes.receive(connection, toBuffer(data), isBinary));
    });
    // ws closes the connection itself, with the code that the fault calls for.
    webSocket.on('error', () => undefined);
    webSocket.on('close', (code, reason) => {
      connections.delete(facts.connectionId);
      track(routes.disconnect(facts, code, reason.toString()));
    });
  }

  const port = await listenOnLoopback(server, { port: options.port, what: 'the WebSocket API' });
  return {
    endpoint: `ws://127.0.0.1:${port}/${stage}`,
    managementEndpoint: `http://127.0.0.1:${port}/${stage}`,
    async close() {
      closed = true;
      const closing = closeServer(server);
      for (const connection of connections.values()) connection.close(1001, 'Going away');
      const cut = setTimeout(() => {
        for (const connection of connections.values()) connection.cut();
      }, closeGraceMs);
      const deadline = Date.now() + functionGraceMs;
      while (underWay.size + connections.size > 0 && Date.now() < deadline) await delay(5);
      clearTimeout(cut);
      for (const socket of handshakes) socket.destroy();
      await closing;
    },
  };
}

function toBuffer(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

function refuse(socket: Duplex, statusCode: number, document: object): void {
  const body = JSON.stringify(document);
  socket.end(
    `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode] ?? ''}\r\nConnection: close\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

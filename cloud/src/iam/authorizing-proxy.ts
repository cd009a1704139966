import { randomUUID } from 'node:crypto';
import {
  Agent,
  createServer,
  request as sendRequest,
  type ClientRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { pipeline } from 'node:stream/promises';
import { closeServer, isOwnName, listenOnLoopback } from '../loopback/index.ts';
import { AwsError } from '../wire/index.ts';

export interface ProxyOptions {
  /** Where the service itself listens; nobody else is told. */
  target: string;
  /** 0 or absent: a free one. */
  port?: number | undefined;
  /** What the door is in front of, in the words of an error message. */
  what: string;
  /** Whether the body is needed to decide. Otherwise it flows through as it comes. */
  needsBody: (request: IncomingMessage) => boolean;
  /** Throws AwsError when the caller may not. @param body empty where it isn't needed. */
  authorize: (request: IncomingMessage, body: Buffer) => Promise<void>;
  /** A refusal as the service writes it. */
  refuse: (error: AwsError, request: IncomingMessage) => { contentType: string; body: string };
  /** Sees an answer whose request's body was needed, for what only answers tell. */
  onAnswer?: ((request: IncomingMessage, body: Buffer) => void) | undefined;
  /** Which answers `onAnswer` wants to see: they are held until complete. */
  wantsAnswer?: ((request: IncomingMessage) => boolean) | undefined;
  /** Added to what is forwarded. */
  headers?: Readonly<Record<string, string>> | undefined;
  onError: (error: unknown) => void;
}

export interface AuthorizingProxy {
  /** `http://127.0.0.1:<port>` */
  endpoint: string;
  close(): Promise<void>;
}

const maxBodyBytes = 16 * 1024 * 1024;
const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'expect']);

/** A door in front of a service that knows no policies: asks first, then forwards over kept connections. */
export async function createAuthorizingProxy(options: ProxyOptions): Promise<AuthorizingProxy> {
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing, { options, agent }).catch((error: unknown) => {
      if (incoming.errored === null && !outgoing.destroyed) options.onError(error);
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(500).end();
    });
  });
  const port = await listenOnLoopback(server, { port: options.port, what: options.what });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async close() {
      await closeServer(server);
      agent.destroy();
    },
  };
}

interface Exchange {
  options: ProxyOptions;
  agent: Agent;
}

async function serve(incoming: IncomingMessage, outgoing: ServerResponse, exchange: Exchange): Promise<void> {
  const { options } = exchange;
  // No CORS header is ever sent, and a preflight is no signed request: pages of other sites get nothing.
  if (!isOwnName(incoming.headers.host) || incoming.method === 'OPTIONS') {
    outgoing.writeHead(403, { connection: 'close' }).end();
    return;
  }
  const needed = options.needsBody(incoming);
  const body = needed ? await readBody(incoming) : Buffer.alloc(0);
  try {
    if (!body) throw new AwsError({ code: 'RequestTooLarge', message: 'The request is too large.', status: 413 });
    await options.authorize(incoming, body);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const refusal = options.refuse(error, incoming);
    outgoing.writeHead(error.status, {
      'content-type': refusal.contentType,
      'x-amzn-requestid': randomUUID(),
      // What was sent of a body that nobody reads would be taken for the next request.
      ...(!needed && { connection: 'close' }),
    });
    outgoing.end(incoming.method === 'HEAD' ? undefined : refusal.body);
    return;
  }
  await forward(incoming, outgoing, { ...exchange, body: needed ? body : undefined, retried: false });
}

async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function forward(incoming: IncomingMessage, outgoing: ServerResponse, forwarding: Forwarding): Promise<void> {
  const upstream = send(incoming, forwarding);
  // A caller that leaves takes its request along: nothing may be received for nobody.
  const abandon = () => {
    if (!outgoing.writableFinished) upstream.destroy();
  };
  outgoing.once('close', abandon);
  try {
    const answer = await answerOf(upstream);
    await relay(answer, { incoming, outgoing, forwarding });
  } catch (error) {
    if (outgoing.destroyed) return;
    outgoing.off('close', abandon);
    // The service closed a connection that had been idle, at the moment we took it.
    const unlucky = upstream.reusedSocket && error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
    if (!unlucky || !forwarding.body || forwarding.retried || outgoing.headersSent) throw error;
    await forward(incoming, outgoing, { ...forwarding, retried: true });
  }
}

interface Forwarding extends Exchange {
  /** Absent where it still has to come. */
  body: Buffer | undefined;
  retried: boolean;
}

function send(incoming: IncomingMessage, { options, agent, body }: Forwarding): ClientRequest {
  const upstream = sendRequest(new URL(incoming.url ?? '/', options.target), {
    agent,
    method: incoming.method ?? 'GET',
    headers: { ...forwardedHeaders(incoming), ...options.headers, ...(body && { 'content-length': body.length }) },
  });
  if (body) upstream.end(body);
  else incoming.pipe(upstream);
  return upstream;
}

/** @throws what keeps the answer from coming */
function answerOf(upstream: ClientRequest): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  upstream.once('response', resolve);
  upstream.on('error', reject);
  return promise;
}

async function relay(
  answer: IncomingMessage,
  { incoming, outgoing, forwarding }: { incoming: IncomingMessage; outgoing: ServerResponse; forwarding: Forwarding },
): Promise<void> {
  const { onAnswer, wantsAnswer } = forwarding.options;
  const headers = Object.fromEntries(
    Object.entries(answer.headers).filter(([name]) => !hopByHop.has(name) && !name.startsWith('access-control-')),
  );
  const wanted = forwarding.body !== undefined && wantsAnswer?.(incoming);
  const whole = wanted ? await collect(answer) : undefined;
  if (whole) onAnswer?.(incoming, whole);
  outgoing.writeHead(answer.statusCode ?? 502, headers);
  if (whole) outgoing.end(whole);
  else await pipeline(answer, outgoing);
}

function forwardedHeaders({ headers }: IncomingMessage): NodeJS.Dict<string | string[]> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name)));
}

async function collect(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

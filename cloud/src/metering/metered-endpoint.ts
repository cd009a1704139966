import {
  Agent,
  createServer,
  request as sendRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { closeServer, listenOnLoopback } from '../loopback/index.ts';

export interface Exchange {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  requestBody: string;
  status: number;
  responseBody: string;
}

export interface MeteredEndpointOptions {
  /** `http://127.0.0.1:<port>` of the emulator behind, with a path where its address has one. */
  target: string;
  /** Changes a request's body on its way in, so that the answer tells what is to be counted. */
  prepare?: ((headers: IncomingHttpHeaders, body: string) => string) | undefined;
  /** Told of every exchange, answered or refused. */
  observe: (exchange: Exchange) => void;
}

export interface MeteredEndpoint {
  endpoint: string;
  close(): Promise<void>;
}

const timeoutMs = 60_000;

/** An address on loopback that passes everything on to an emulator and tells what went through. */
export async function startMeteredEndpoint({
  target,
  prepare = (_, body) => body,
  observe,
}: MeteredEndpointOptions): Promise<MeteredEndpoint> {
  const agent = new Agent({ keepAlive: true });
  const upstream = new URL(target);

  async function pass(
    incoming: IncomingMessage,
  ): Promise<{ headers: IncomingHttpHeaders; status: number; body: Buffer }> {
    const requestBody = prepare(incoming.headers, (await readAll(incoming)).toString('utf8'));
    const answer = await forward(incoming, requestBody);
    const body = await readAll(answer);
    const { method = 'GET', url = '/', headers } = incoming;
    const status = answer.statusCode ?? 502;
    observe({ method, path: url, headers, requestBody, status, responseBody: body.toString('utf8') });
    return { headers: answer.headers, status, body };
  }

  function forward({ method, url, headers }: IncomingMessage, body: string): Promise<IncomingMessage> {
    const { 'transfer-encoding': _, ...kept } = headers;
    return new Promise((resolve, reject) => {
      const outgoing = sendRequest(
        {
          host: upstream.hostname,
          port: upstream.port,
          agent,
          method,
          path: url,
          timeout: timeoutMs,
          headers: { ...kept, 'content-length': Buffer.byteLength(body) },
        },
        resolve,
      );
      outgoing.on('timeout', () => outgoing.destroy(new Error(`${target} did not answer`)));
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { headers, status, body } = await pass(incoming);
    const { 'transfer-encoding': _, connection: __, ...kept } = headers;
    outgoing.writeHead(status, { ...kept, 'content-length': body.length }).end(body);
  }

  const server = createServer((incoming, outgoing) => {
    // As if the emulator itself had gone away.
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  });
  const port = await listenOnLoopback(server, { what: `metering of ${target}` });
  return {
    endpoint: `http://127.0.0.1:${port}${upstream.pathname.replace(/\/$/, '')}`,
    async close() {
      agent.destroy();
      await closeServer(server, 0);
    },
  };
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

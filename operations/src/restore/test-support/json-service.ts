import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a service of AWS answers instead. The message is the code. */
export class Refusal extends Error {}

export interface ServiceRequest {
  method: string;
  url: URL;
  headers: IncomingMessage['headers'];
  text: string;
}

/** A server on the loopback that answers JSON as AWS's services do. */
export async function startJsonService(answer: (request: ServiceRequest) => object) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const respond = (status: number, content: object, code = '') => {
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': code });
        response.end(JSON.stringify(content));
      };
      try {
        const { method = '', headers } = request;
        const url = new URL(request.url ?? '/', 'http://127.0.0.1');
        respond(200, answer({ method, url, headers, text: Buffer.concat(chunks).toString('utf8') }));
      } catch (error) {
        const code = error instanceof Refusal ? error.message : 'InternalServerError';
        respond(400, { __type: code, message: `${code} by the stand-in` }, code);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    clientSettings: {
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

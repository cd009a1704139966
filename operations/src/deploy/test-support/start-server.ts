import { once } from 'node:events';
import { createServer } from 'node:http';

export interface Asked {
  method: string;
  url: string;
  headers: NodeJS.Dict<string | string[]>;
  body: string;
}

/** A server on this machine that answers as told, and remembers what it was asked. */
export async function startServer(answer: (asked: Asked) => { status?: number; body: string }) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const question = { method, url, headers, body };
      asked.push(question);
      const { status = 200, body: text } = answer(question);
      response.writeHead(status, { 'content-type': 'text/xml' }).end(text);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('The server listens on no port.');
  const endpoint = `http://127.0.0.1:${address.port}`;
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  return {
    asked,
    endpoint,
    /** Settings of an SDK client that asks this server. */
    client: { endpoint, region: 'sa-east-1', credentials, maxAttempts: 1 },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.ts';
import { formatMetrics } from './metrics.ts';

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** `/health`: 200 while the host serves. `/metrics`: figures in Prometheus's text format. */
export async function startHealthServer({
  address,
  port,
  isHealthy,
  readMetrics,
}: {
  address: string;
  port: number;
  isHealthy: () => boolean;
  readMetrics: () => Promise<Metrics>;
}): Promise<HealthServer> {
  const server = createServer((request, response) => {
    answer(request.url ?? '/').then(
      ({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body),
      () => response.writeHead(500).end(),
    );
  });
  server.requestTimeout = 10_000;

  async function answer(url: string): Promise<{ status: number; type: string; body: string }> {
    const json = 'application/json';
    if (url === '/health') {
      const healthy = isHealthy();
      return { status: healthy ? 200 : 503, type: json, body: JSON.stringify({ status: healthy ? 'ok' : 'stopping' }) };
    }
    if (url === '/metrics')
      return { status: 200, type: 'text/plain; version=0.0.4', body: formatMetrics(await readMetrics()) };
    return { status: 404, type: json, body: '{}' };
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, address, resolve);
  });
  return { port: portOf(server), close: () => new Promise((resolve) => server.close(() => resolve())) };
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

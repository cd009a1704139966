import { Agent, request } from 'node:http';
import type { FuzzRequest } from './requests.ts';

export interface Answer {
  status: number;
  text: string;
}

const timeLimitMs = 40_000;
const agent = new Agent({ keepAlive: true, maxSockets: 32 });

/** As no client of ours would: any method, any header. @returns status 0, and why, if there was no answer */
export function send(origin: string, { method, path, headers, body }: FuzzRequest, token?: string): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const fail = (error: Error): void => resolve({ status: 0, text: error.message });
  try {
    const asked = request(origin + path, {
      method,
      agent,
      // Node leaves the length out where a method has no body by habit, and the body would be the next request.
      headers: {
        ...headers,
        ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      timeout: timeLimitMs,
    });
    asked.on('error', fail);
    asked.on('timeout', () => asked.destroy(new Error(`no answer within ${timeLimitMs / 1000} s`)));
    asked.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', fail);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    asked.end(body);
  } catch (error) {
    fail(error instanceof Error ? error : new Error(String(error)));
  }
  return promise;
}

export function closeConnections(): void {
  agent.destroy();
}

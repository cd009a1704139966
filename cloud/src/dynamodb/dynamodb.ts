import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, PortTakenError, ServiceStartError } from '../loopback/index.ts';
import { localRegion } from '../wire/index.ts';
import { indexStreams } from './index-streams.ts';
import { startServerProcess } from './server-process.ts';
import { startError } from './start-error.ts';

export interface DynamoDb {
  /** `http://127.0.0.1:<port>`, the hidden address, or the one that was named. */
  endpoint: string;
  /** Absent when the endpoint was named: then its process is somebody else's. */
  pid: number | undefined;
  close(): Promise<void>;
}

export interface DynamoDbOptions {
  /** Where the tables live; made when missing. One server per folder at a time. */
  dir: string;
  /** 0 or absent: a free one. */
  port?: number | undefined;
  /** Listens where no web page can find it: for data that is real. */
  hidden?: boolean | undefined;
  /** An endpoint that runs already (DynamoDB Local); nothing is started then. */
  endpoint?: string | undefined;
  /** Told when the server ends without having been closed. */
  onExit?: ((error: Error) => void) | undefined;
}

const readyWithinMs = 60_000;
const stopWithinMs = 5_000;
const portAttempts = 3;

/**
 * DynamoDB on this machine: dynoxide as a child process, its tables in one SQLite file, or an endpoint that was named.
 * @throws PortTakenError; ServiceStartError when the file is damaged, the disk full, nothing answers, or there is no
 * server for this platform.
 */
export async function startDynamoDb({
  dir,
  port,
  hidden = false,
  endpoint,
  onExit,
}: DynamoDbOptions): Promise<DynamoDb> {
  if (endpoint) {
    await waitForEndpoint(endpoint);
    return { endpoint, pid: undefined, close: () => Promise.resolve() };
  }
  const server = { command: findServer(), file: join(dir, 'tables.db'), hidden, onExit };
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (port) return startServer({ ...server, port });
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startServer({ ...server, port: await freePort() });
    } catch (error) {
      // Somebody was faster at taking the port that was free a moment ago.
      if (!(error instanceof PortTakenError) || attempt === portAttempts) throw error;
    }
  }
}

async function startServer({
  command,
  file,
  port,
  hidden,
  onExit,
}: {
  command: string;
  file: string;
  port: number;
  hidden: boolean;
  onExit: DynamoDbOptions['onExit'];
}): Promise<DynamoDb> {
  const listening = Promise.withResolvers<void>();
  const host = hostOf({ hidden });
  const server = startServerProcess({
    command,
    args: ['serve', '--host', host, '--port', String(port), '--db-path', file],
    onLine(line) {
      if (line.includes('listening on')) listening.resolve();
    },
  });
  const ended = server.exited.then((written) => startError({ written, port, file }));
  const tooLate = setTimeout(
    () =>
      listening.reject(
        new ServiceStartError({
          problem: `DynamoDB did not start within ${readyWithinMs / 1000} s.`,
          remedy: 'Start again when the computer is less busy.',
        }),
      ),
    readyWithinMs,
  );
  try {
    const failure = await Promise.race([listening.promise, ended]);
    if (failure) throw failure;
    indexStreams(file);
  } catch (error) {
    await server.stop(stopWithinMs);
    throw error;
  } finally {
    clearTimeout(tooLate);
  }
  let closing = false;
  void ended.then((error) => (closing ? undefined : onExit?.(error)));
  return {
    endpoint: `http://${host}:${port}`,
    pid: await server.pid,
    async close() {
      closing = true;
      await server.stop(stopWithinMs);
    },
  };
}

/**
 * 127.0.0.1, or one of the 16 million addresses of Linux's loopback. The server answers every web page of every site
 * (CORS `*`, and signatures aren't verified): a page in this machine's browser that finds the port can read all tables.
 * That is bearable while everything in them is simulated, and not when it is somebody's real chats.
 */
export function hostOf({ hidden }: { hidden: boolean }): string {
  return hidden ? `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}` : '127.0.0.1';
}

/** The binary that npm installed for this platform. */
function findServer(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json')), 'dynoxide');
  } catch (cause) {
    throw new ServiceStartError({
      problem: `This project brings DynamoDB along only on linux-x64; this is ${process.platform}-${process.arch}.`,
      remedy:
        'Start DynamoDB Local (a Java program by AWS) and set DYNAMODB_ENDPOINT: DYNAMODB_ENDPOINT=http://127.0.0.1:8000 npm start',
      cause,
    });
  }
}

async function waitForEndpoint(endpoint: string): Promise<void> {
  const client = new DynamoDBClient({
    endpoint,
    region: localRegion,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    requestHandler: { requestTimeout: 1_000, throwOnRequestTimeout: true, connectionTimeout: 1_000 },
  });
  const deadline = performance.now() + readyWithinMs;
  try {
    for (;;) {
      try {
        await client.send(new ListTablesCommand({ Limit: 1 }));
        return;
      } catch (cause) {
        if (performance.now() > deadline)
          throw new ServiceStartError({
            problem: `DynamoDB does not answer at ${endpoint}.`,
            remedy: 'Start DynamoDB Local there, or set DYNAMODB_ENDPOINT to where it listens.',
            cause,
          });
        await pause(100);
      }
    }
  } finally {
    client.destroy();
  }
}

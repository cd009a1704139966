import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../loopback/index.ts';
import { DynamoDbError } from './dynamodb-error.ts';

export interface DynamoDb {
  /** `http://127.0.0.1:<port>`, or the one that was named. */
  endpoint: string;
  /** Absent when the endpoint was named: then its process is somebody else's. */
  pid: number | undefined;
  close(): Promise<void>;
}

export interface DynamoDbOptions {
  /** Where the tables live. */
  dir: string;
  port?: number | undefined;
  /** An endpoint that runs already (DynamoDB Local); nothing is started then. */
  endpoint?: string | undefined;
}

const readyWithinMs = 15_000;
const stopWithinMs = 5_000;
const setpriv = '/usr/bin/setpriv';

/**
 * DynamoDB on this machine: dynoxide as a child process, its tables in one SQLite file, or an endpoint that was named.
 * @throws DynamoDbError saying what is wrong and what to do.
 */
export async function startDynamoDb({ dir, port, endpoint }: DynamoDbOptions): Promise<DynamoDb> {
  if (endpoint) {
    await waitUntilReady(endpoint, () => undefined);
    return { endpoint, pid: undefined, close: async () => undefined };
  }
  const listenOn = port ?? (await freePort());
  const file = join(dir, 'tables.db');
  const child = run([binary(), 'serve', '--host', '127.0.0.1', '--port', String(listenOn), '--db-path', file]);
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-2_000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const address = `http://127.0.0.1:${listenOn}`;
  try {
    await waitUntilReady(address, () => (hasEnded(child) ? explain(output, { port: listenOn, file }) : undefined));
  } catch (error) {
    await stop(child);
    throw error;
  }
  return { endpoint: address, pid: child.pid, close: () => stop(child) };
}

/** The binary that npm installed for this platform. */
function binary(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json');
    return join(dirname(manifest), 'dynoxide');
  } catch (cause) {
    throw new DynamoDbError(
      `DynamoDB on this machine comes along only on linux-x64; this is ${process.platform}-${process.arch}.`,
      'Start DynamoDB Local (a Java program by AWS) and name it: DYNAMODB_ENDPOINT=http://127.0.0.1:8000 npm start',
      cause,
    );
  }
}

function run([command = '', ...args]: string[]): ChildProcess {
  // Where setpriv exists, the kernel ends the child when this process dies, even by kill -9.
  return existsSync(setpriv)
    ? spawn(setpriv, ['--pdeathsig', 'KILL', command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    : spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function waitUntilReady(endpoint: string, failed: () => DynamoDbError | undefined): Promise<void> {
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
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
        const failure = failed();
        if (failure) throw failure;
        if (performance.now() > deadline)
          throw new DynamoDbError(
            `DynamoDB does not answer at ${endpoint}.`,
            'Check that it runs, or that DYNAMODB_ENDPOINT names the right address.',
            cause,
          );
        await pause(25);
      }
    }
  } finally {
    client.destroy();
  }
}

function explain(output: string, { port, file }: { port: number; file: string }): DynamoDbError {
  if (/already in use/i.test(output))
    return new DynamoDbError(
      `Port ${port}, meant for DynamoDB, is taken by another process.`,
      'Stop that process, or choose another port.',
    );
  if (/not a database|malformed|corrupt/i.test(output))
    return new DynamoDbError(`The tables in ${file} are damaged.`, 'Begin anew with: npm start -- --fresh');
  if (/disk.*full|No space left/i.test(output))
    return new DynamoDbError(`The disk of ${file} is full.`, 'Free some space and start again.');
  return new DynamoDbError(
    `DynamoDB ended at once: ${output.trim().split('\n').at(-1) ?? 'no reason given'}`,
    'Begin anew with: npm start -- --fresh',
  );
}

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const hurry = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
  await ended;
  clearTimeout(hurry);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

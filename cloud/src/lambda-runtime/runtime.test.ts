import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { ProbeEvent } from './fixtures/probe.ts';
import { createLambdaRuntime, FunctionError, type LambdaFunction, type LambdaRuntime } from './index.ts';

const dir = mkdtempSync(join(tmpdir(), 'lambda-runtime-'));
const open: LambdaRuntime[] = [];

const probeEntry = fileURLToPath(new URL('./fixtures/probe.ts', import.meta.url));

function source(name: string, code: string): string {
  const entry = join(dir, `${name}.ts`);
  writeFileSync(entry, code);
  return entry;
}

function lambda(overrides: Partial<LambdaFunction> = {}): LambdaFunction {
  return { name: 'probe', entry: probeEntry, env: {}, timeoutMs: 20_000, memoryMb: 256, ...overrides };
}

async function start(...functions: LambdaFunction[]) {
  const lines: string[] = [];
  const runtime = await createLambdaRuntime({
    functions,
    dir,
    onLog: ({ functionName, line }) => lines.push(`${functionName}: ${line}`),
  });
  open.push(runtime);
  return { runtime, lines, probe: (event: ProbeEvent) => runtime.invoke('probe', event) };
}

const contextSchema = z.looseObject({ remaining: z.number() });

async function failureOf(invocation: Promise<unknown>): Promise<FunctionError> {
  const error = await invocation.catch((thrown: unknown) => thrown);
  if (!(error instanceof FunctionError)) throw new Error('The invocation was expected to fail.');
  return error;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((runtime) => runtime.close({ graceMs: 0 })));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('Lambda runtime', () => {
  it('passes event and result through JSON', async () => {
    const { probe } = await start(lambda());
    expect(await probe({ do: 'echo', value: { at: new Date(0), nothing: undefined, list: [1, null] } })).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      list: [1, null],
    });
    expect(await probe({ do: 'nothing' })).toBeNull();
  });

  it('gives a function its own environment and what Lambda sets, and nothing of the process it runs in', async () => {
    process.env.SECRET_OF_THE_LAPTOP = 'x';
    const { probe } = await start(lambda({ env: { ITEMS_TABLE: 'items', AWS_ACCESS_KEY_ID: 'local' } }));
    const environment = await probe({ do: 'environment' });
    delete process.env.SECRET_OF_THE_LAPTOP;
    expect(environment).toMatchObject({
      ITEMS_TABLE: 'items',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'probe',
      _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};/),
    });
    expect(environment).not.toHaveProperty('SECRET_OF_THE_LAPTOP');
    expect(environment).not.toHaveProperty('HOME');
  });

  it('gives a context as Lambda does', async () => {
    const { probe } = await start(lambda({ timeoutMs: 9_000 }));
    const context = contextSchema.parse(await probe({ do: 'context' }));
    expect(context).toMatchObject({
      functionName: 'probe',
      memoryLimitInMB: '256',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:probe',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(context.remaining).toBeGreaterThan(1_000);
    expect(context.remaining).toBeLessThanOrEqual(9_000);
  });

  it('bundles the AWS SDK with the function', async () => {
    const { probe } = await start(lambda());
    expect(await probe({ do: 'sdk' })).toBe('us-east-1');
  });

  it('runs invocations of one function at the same time', async () => {
    const { probe } = await start(lambda());
    expect(await Promise.all([1, 2, 3].map(() => probe({ do: 'meet', parties: 3 })))).toEqual([3, 3, 3]);
  });

  it('answers a thrown error as Lambda does and keeps the worker', async () => {
    const { probe, lines } = await start(lambda());
    const failure = await failureOf(probe({ do: 'throw', message: 'no luck' }));
    expect(failure).toMatchObject({ errorType: 'ProbeError', errorMessage: 'no luck', functionName: 'probe' });
    expect(failure.trace[0]).toBe('ProbeError: no luck');
    expect(failure.trace.join('\n')).toContain('fixtures/probe.ts');
    expect(await failureOf(probe({ do: 'throw-text', message: 'bare' }))).toMatchObject({
      errorType: 'string',
      errorMessage: 'bare',
      trace: [],
    });
    expect(await probe({ do: 'count' })).toBe(3);
    expect(lines.some((line) => line.includes('"Invoke Error"') && line.includes('no luck'))).toBe(true);
  });

  it('hands over what a function prints, line by line', async () => {
    const { probe, lines } = await start(lambda());
    await probe({ do: 'print', lines: ['one', 'two'] });
    await vi.waitFor(() => expect(lines.toSorted()).toEqual(['probe: and to stderr', 'probe: one', 'probe: two']));
  });

  it('ends a function that takes too long, even one that never yields, and replaces its worker', async () => {
    const { probe } = await start(lambda({ timeoutMs: 300 }));
    const failure = await failureOf(probe({ do: 'spin' }));
    expect(failure.errorType).toBe('Sandbox.Timedout');
    expect(failure.errorMessage).toMatch(/Task timed out after 0\.30 seconds$/);
    expect(await probe({ do: 'count' })).toBe(1);
  });

  it('lets the neighbours of an invocation that timed out finish', async () => {
    const { probe } = await start(lambda({ timeoutMs: 1_500 }));
    await probe({ do: 'count' });
    const late = failureOf(probe({ do: 'wait', ms: 60_000 }));
    await probe({ do: 'wait', ms: 600 });
    const neighbour = probe({ do: 'wait', ms: 1_200 });
    expect(await late).toMatchObject({ errorType: 'Sandbox.Timedout' });
    const next = probe({ do: 'count' });
    expect(await neighbour).toBe('waited');
    expect(await next).toBe(1);
  });

  it.each<[string, ProbeEvent, string, RegExp]>([
    ['leaves by process.exit', { do: 'exit', code: 3 }, 'Runtime.ExitError', /exit status 3$/],
    [
      'forgets a promise that rejects',
      { do: 'reject-unhandled' },
      'Runtime.UnhandledPromiseRejection',
      /^ProbeError: nobody waits for me$/,
    ],
    ['throws outside of its handler', { do: 'throw-later' }, 'ProbeError', /^after the fact$/],
    ['uses more memory than it has', { do: 'hoard' }, 'Runtime.ExitError', /signal: killed$/],
  ])('survives a function that %s', async (_, event, errorType, errorMessage) => {
    const { probe } = await start(lambda({ memoryMb: 64 }));
    const running = failureOf(probe({ do: 'wait', ms: 60_000 }));
    expect(await failureOf(probe(event))).toMatchObject({
      errorType,
      errorMessage: expect.stringMatching(errorMessage),
    });
    expect(await running).toMatchObject({ errorType });
    expect(await probe({ do: 'count' })).toBe(1);
  });

  it('loses what runs with a function that crashes, and starts another for the next invocation', async () => {
    const { runtime, probe } = await start(lambda());
    expect(await probe({ do: 'count' })).toBe(1);
    const lost = failureOf(probe({ do: 'wait', ms: 60_000 }));
    // It has the event before it crashes.
    expect(await probe({ do: 'count' })).toBe(3);
    await runtime.crash('probe');
    expect(await lost).toMatchObject({ errorType: 'Runtime.ExitError' });
    expect(await probe({ do: 'count' })).toBe(1);
  });

  it('says why a function cannot be loaded, each time', async () => {
    const { runtime } = await start(
      lambda({ name: 'broken', entry: source('broken', "throw new TypeError('cannot be loaded');") }),
      lambda({ name: 'nameless', entry: source('nameless', "export const handle = () => 'wrong name';") }),
    );
    const broken = { errorType: 'TypeError', errorMessage: 'cannot be loaded' };
    expect(await failureOf(runtime.invoke('broken', {}))).toMatchObject(broken);
    expect(await failureOf(runtime.invoke('broken', {}))).toMatchObject(broken);
    await expect(runtime.warmUp(['nameless'])).rejects.toMatchObject({ errorType: 'Runtime.HandlerNotFound' });
  });

  it('says that there is no such function', async () => {
    const { runtime } = await start(lambda());
    expect(await failureOf(runtime.invoke('other', {}))).toMatchObject({ errorType: 'ResourceNotFoundException' });
  });

  it('keeps the functions apart', async () => {
    const { runtime } = await start(lambda(), lambda({ name: 'second', env: { WHO: 'second' } }));
    await runtime.warmUp();
    expect(await runtime.invoke('probe', { do: 'count' })).toBe(1);
    expect(await runtime.invoke('second', { do: 'count' })).toBe(1);
    expect(await runtime.invoke('second', { do: 'environment' })).toHaveProperty('WHO', 'second');
    expect(await runtime.invoke('probe', { do: 'environment' })).not.toHaveProperty('WHO');
  });

  it('refuses payloads over 6 MB in both directions', async () => {
    const { probe } = await start(lambda());
    const bytes = 6 * 1024 * 1024;
    const value = 'x'.repeat(bytes);
    expect(await failureOf(probe({ do: 'echo', value }))).toMatchObject({ errorType: 'RequestTooLargeException' });
    expect(await failureOf(probe({ do: 'fill', bytes }))).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
    expect(await probe({ do: 'fill', bytes: bytes - 1_000 })).toHaveLength(bytes - 1_000);
  });

  it('lets what runs finish when it is closed, and takes no more', async () => {
    const { runtime, probe } = await start(lambda());
    await runtime.warmUp();
    const running = probe({ do: 'wait', ms: 300 });
    await runtime.close();
    expect(await running).toBe('waited');
    expect(await failureOf(probe({ do: 'count' }))).toMatchObject({ errorType: 'ServiceException' });
  });

  it('does not wait for ever when it is closed', async () => {
    const { runtime, probe } = await start(lambda());
    await runtime.warmUp();
    const running = failureOf(probe({ do: 'wait', ms: 60_000 }));
    await runtime.close({ graceMs: 50 });
    expect(await running).toMatchObject({ errorType: 'Runtime.ExitError' });
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLambdaRuntime, type LambdaRuntime } from '@top-active/cloud/lambda-runtime';
import { loadFunctions } from './load-functions.ts';
import type { SlowWait } from './slow-wait.ts';

let dir: string;
let runtime: LambdaRuntime;
let told: SlowWait[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'load-'));
  told = [];
});
afterEach(async () => {
  await runtime.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Functions that do this before they are loaded. */
async function load(inits: Record<string, string>, initTimeoutMs: number): Promise<void> {
  const functions = Object.entries(inits).map(([name, init]) => {
    const entry = join(dir, `${name}.ts`);
    writeFileSync(entry, `${init}\nexport const handler = () => 'done';`);
    return { name, entry, env: {}, timeoutMs: 1_000, memoryMb: 128 };
  });
  runtime = await createLambdaRuntime({ functions, dir: join(dir, 'bundles'), onLog: () => undefined, initTimeoutMs });
  // Loaded before, so that only the slow one is left to be told.
  if (inits.quick !== undefined) await runtime.warmUp(['quick']);
  await loadFunctions({
    runtime,
    names: Object.keys(inits),
    onSlow: told.push.bind(told),
    limitMs: initTimeoutMs,
    tellEveryMs: 50,
  });
}

/** Until the other functions are loaded and it was told more than once. */
const slow = 'await new Promise((resolve) => setTimeout(resolve, 2_000));';
const never = 'setInterval(() => {}, 1_000);\nawait new Promise(() => {});';

describe('functions that are loaded at the start', { timeout: 60_000 }, () => {
  it('are waited for while they are slow, and the slow ones are named', async () => {
    await load({ quick: '', chats: slow }, 60_000);
    expect(told.at(-1)).toMatchObject({ what: 'Loading the functions chats', limitMs: 60_000 });
    expect(await runtime.invoke('chats', {})).toBe('done');
  });

  it('are given up with a remedy instead of a stack trace', async () => {
    await expect(load({ account: never }, 1_000)).rejects.toThrow(
      'The function account was not loaded within 1 seconds: this computer is too busy.\n  Start again when it has less to do.',
    );
    expect(told.at(-1)?.what).toBe('Loading the functions account');
  });

  it('fail by their own error when they cannot be loaded', async () => {
    await expect(load({ account: "throw new TypeError('no such table');" }, 30_000)).rejects.toThrow(
      'account: TypeError: no such table',
    );
  });
});

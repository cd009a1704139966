import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorldClient, loginUser, registerUser, until } from './client/index.ts';
import { closeServer, freePort, listenOnLoopback, PortTakenError } from '@top-active/cloud/loopback';
import { processesOf, runMain, type CommandLine } from './main-fixture.ts';

let root: string;
let dir: string;
let port: number;
let running: CommandLine | undefined;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'main-'));
  dir = join(root, 'state');
  port = await freePairOfPorts();
});

afterEach(async () => {
  running?.child.kill('SIGKILL');
  running = undefined;
  await until(() => Promise.resolve(processesOf(root).length === 0 || undefined), {
    what: 'the end of what a test started',
    timeoutMs: 20_000,
  });
  rmSync(root, { recursive: true, force: true });
});

/** The app's; the next one is free as well. */
async function freePairOfPorts(): Promise<number> {
  for (;;) {
    const first = await freePort();
    try {
      await withTaken(first + 1, () => Promise.resolve());
      return first;
    } catch (error) {
      if (!(error instanceof PortTakenError)) throw error;
    }
  }
}

function start(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): CommandLine {
  running = runMain(['--dir', dir, '--port', String(port), ...args], env);
  return running;
}

/** It ends by itself, with one clear message and nothing left behind. */
async function refusal(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { ended, written } = start(args, env);
  expect(await ended).toBe(1);
  const { stderr } = written;
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr).not.toMatch(/Error:/);
  expect(written.stdout).not.toContain('Ctrl-C');
  expect(processesOf(root)).toEqual([]);
  return stderr;
}

/** The problem, then the remedy. */
async function expectRefusal(problem: RegExp, remedy: RegExp, env: Readonly<Record<string, string>> = {}) {
  const [title, advice, ...rest] = (await refusal([], env)).trim().split('\n');
  expect(title).toMatch(/^Cannot go on: /);
  expect(title).toMatch(problem);
  expect(advice).toMatch(remedy);
  expect(rest).toEqual([]);
}

async function withTaken(taken: number, work: () => Promise<void>): Promise<void> {
  const server = createServer();
  await listenOnLoopback(server, { port: taken, what: 'the test' });
  try {
    await work();
  } finally {
    await closeServer(server);
  }
}

/** A state folder that a stack could go on with. */
function makeState(): void {
  mkdirSync(dir);
  writeFileSync(join(dir, 'format.json'), '{"version":2}');
}

describe('the command line says what is in the way and what to do', { timeout: 60_000 }, () => {
  // Each of the others: read-options.test.ts.
  it.each([
    [['--port', 'abc'], /--port abc is not a port\.\n.*1024 to 65534/],
    [['--prot', '80'], /'--prot'[^]*npm start -- \[--port 3000\]/],
  ])('for %s', async (args, message) => {
    expect(await refusal(args)).toMatch(message);
  });

  it("when the app's port is taken", async () => {
    await withTaken(port, () => expectRefusal(new RegExp(`Port ${port}, meant for the app, is taken`), /--port N/));
  });

  it("when the world's port is taken", async () => {
    await withTaken(port + 1, () => expectRefusal(new RegExp(`Port ${port + 1}, .* world, is taken`), /--port N/));
  });

  it('when CHROMIUM_PATH names no browser', async () => {
    await expectRefusal(/CHROMIUM_PATH names \/no\/browser/, /Correct it. Or unset it/, {
      CHROMIUM_PATH: '/no/browser',
    });
  });

  it.each(['format.json', 'kms/kms.sqlite', 'whatsapp/whatsapp.sqlite', 'dynamodb/tables.db'])(
    'when %s in the state folder is garbage',
    async (file) => {
      makeState();
      mkdirSync(join(dir, file, '..'), { recursive: true });
      writeFileSync(join(dir, file), 'garbage, and more of it');
      await expectRefusal(/damaged/, /--fresh/);
    },
  );

  it('when another stack has the state folder', async () => {
    makeState();
    writeFileSync(join(dir, 'stack.pid'), String(process.pid));
    await expectRefusal(new RegExp(`process ${process.pid}\\) is using`), /--dir/);
    expect(readFileSync(join(dir, 'stack.pid'), 'utf8')).toBe(String(process.pid));
  });

  it('when the folder is not its own', async () => {
    mkdirSync(dir);
    writeFileSync(join(dir, 'thesis.txt'), 'x');
    await expectRefusal(/other files/, /--dir/);
  });

  it.skipIf(process.getuid?.() !== 0 || process.platform !== 'linux')('when the disk is full', async () => {
    mkdirSync(dir);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', dir]);
    try {
      await expectRefusal(/Only 2 MB are free/, /Free at least 300 MB/);
    } finally {
      execFileSync('umount', [dir]);
    }
  });
});

describe.skipIf(process.platform !== 'linux')('an end', { timeout: 180_000 }, () => {
  const phone = '5511970000001';
  const email = 'ana@example.com';
  const origin = () => `http://127.0.0.1:${port}`;
  const world = () => createWorldClient(`http://127.0.0.1:${port + 1}`);

  async function startLinked(): Promise<CommandLine> {
    const started = start();
    await started.started();
    await world().addPhone({ number: phone, name: 'Ana' });
    const user = await registerUser({ origin: origin(), world: world(), email, name: 'Ana' });
    await user.linkWhatsApp(phone);
    return started;
  }

  /** DynamoDB with its guard, the session host, a browser: what must be gone afterwards was there before. */
  function expectChildren(): void {
    const all = processesOf(root).join('\n');
    for (const part of ['dynoxide', 'session-host/src/main.ts', 'session-host/src/worker.ts', '--user-data-dir'])
      expect(all).toContain(part);
  }

  it('by Ctrl-C leaves no process, and the next start goes on where it was; --fresh begins anew', async () => {
    const first = await startLinked();
    expectChildren();
    first.interrupt();
    expect(await first.ended).toBe(0);
    expect(processesOf(root)).toEqual([]);
    expect(first.written.stderr).toBe('');

    const second = start();
    await second.started();
    const user = await loginUser({ origin: origin(), world: world(), email });
    await expect.poll(async () => (await user.status()).state, { timeout: 30_000 }).toBe('linked');
    second.interrupt();
    expect(await second.ended).toBe(0);

    const third = start(['--fresh']);
    await third.started();
    await expect(loginUser({ origin: origin(), world: world(), email })).rejects.toThrow(/invalid_credentials/);
    third.child.kill('SIGTERM');
    expect(await third.ended).toBe(0);
  });

  it('by SIGKILL leaves no process after some seconds, and the folder can be used at once', async () => {
    const first = await startLinked();
    expectChildren();
    first.child.kill('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');
    await expect.poll(() => processesOf(root), { timeout: 15_000 }).toEqual([]);
    const second = start();
    await second.started();
    const user = await loginUser({ origin: origin(), world: world(), email });
    await expect.poll(async () => (await user.status()).state, { timeout: 30_000 }).toBe('linked');
    second.interrupt();
    expect(await second.ended).toBe(0);
  });

  it('by Ctrl-C while it boots leaves no process either', async () => {
    const started = start();
    await expect.poll(() => started.written.stdout, { timeout: 30_000 }).toContain('Embedded cloud');
    started.interrupt();
    expect(await started.ended).toBe(0);
    expect(processesOf(root)).toEqual([]);
  });
});

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { deadlineMs, type FixtureLine, type WorkerMode } from './supervised-fixture.ts';

const fixture = fileURLToPath(new URL('supervised-fixture.ts', import.meta.url));
const killed = 'it is killed';
const started: number[] = [];
const soon = { timeout: deadlineMs + 5_000, interval: 20 };

async function start(mode: WorkerMode) {
  const child = spawn(process.execPath, [fixture, mode], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ready = Promise.withResolvers<{ supervisor: number; worker: number; browser: number }>();
  const state = { alarms: '', renewed: 0 };
  child.stderr.on('data', (chunk: Buffer) => (state.alarms += chunk.toString()));
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as FixtureLine;
    if ('renewed' in line) state.renewed = line.renewed;
    else ready.resolve(line);
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const pids = await ready.promise;
  await expect.poll(() => state.renewed, soon).toBeGreaterThan(0);
  expect(pids.supervisor).toBe(child.pid);
  const all = Object.values(pids);
  started.push(...all);
  expect(all.filter(isAlive)).toEqual(all);
  return { ...pids, state, ended, alive: () => all.filter(isAlive) };
}

/** One that only waits for its parent to notice its end is gone. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\t[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe.skipIf(process.platform !== 'linux')('supervisor', () => {
  afterEach(() => {
    for (const pid of started.splice(0).filter(isAlive)) process.kill(pid, 'SIGKILL');
  });

  it('leaves a worker alone that moves its deadline on', async () => {
    const { worker, state, alive, supervisor, ended } = await start('renews');
    await expect.poll(() => state.renewed * 50, { timeout: 20_000 }).toBeGreaterThan(deadlineMs * 2);
    expect(alive()).toContain(worker);
    process.kill(supervisor, 'SIGTERM');
    expect(await ended).toBe(0);
    expect(alive()).toEqual([]);
    expect(state.alarms).toBe('');
  });

  it('kills one that is stopped', async () => {
    const { worker, state, alive, ended } = await start('renews');
    process.kill(worker, 'SIGSTOP');
    expect(await ended).toBe(1);
    await expect.poll(alive, soon).toEqual([]);
    expect(state.alarms).toContain(killed);
  });

  it('kills one whose event loop is blocked, also when it was asked to stop', async () => {
    const { state, alive, ended, supervisor } = await start('blocks');
    process.kill(supervisor, 'SIGTERM');
    expect(await ended).toBe(1);
    await expect.poll(alive, soon).toEqual([]);
    expect(state.alarms).toContain(killed);
  });

  it('kills one that goes on without another heartbeat, not before the deadline', async () => {
    const began = performance.now();
    const { alive, ended } = await start('forgets');
    expect(await ended).toBe(1);
    expect(performance.now() - began).toBeGreaterThan(deadlineMs);
    await expect.poll(alive, soon).toEqual([]);
  });

  it('ends when its worker is killed, and the browser with it', async () => {
    const { worker, state, alive, ended } = await start('renews');
    process.kill(worker, 'SIGKILL');
    expect(await ended).toBe(1);
    await expect.poll(alive, soon).toEqual([]);
    expect(state.alarms).not.toContain(killed);
  });

  it('takes worker and browser along when it is killed, also a worker that is stopped', async () => {
    for (const isStopped of [false, true]) {
      const { supervisor, worker, alive } = await start('renews');
      if (isStopped) process.kill(worker, 'SIGSTOP');
      process.kill(supervisor, 'SIGKILL');
      await expect.poll(alive, soon).toEqual([]);
    }
  });

  it('that stood still itself hears what its worker said meanwhile before it judges', async () => {
    const { supervisor, worker, state, alive } = await start('renews');
    process.kill(supervisor, 'SIGSTOP');
    const before = state.renewed;
    await expect.poll(() => (state.renewed - before) * 50, { timeout: 20_000 }).toBeGreaterThan(deadlineMs * 2);
    process.kill(supervisor, 'SIGCONT');
    const resumed = state.renewed;
    await expect.poll(() => (state.renewed - resumed) * 50, { timeout: 20_000 }).toBeGreaterThan(deadlineMs);
    expect(alive()).toContain(worker);
    expect(state.alarms).toBe('');
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createWorldClient, registerUser, until, type AppUser } from '@top-active/local/client';
import { bootStack, type Stack } from '@top-active/local/stack';
import { pssOfTree } from './process-memory.ts';

export interface SessionFigures {
  /** Milliseconds from "connect" to the first QR code, one per session. */
  qrMs: number[];
  /** MB of browsers per linked session, by number of sessions. */
  pssPerSession: Record<number, number>;
  /** Milliseconds from starting the host to the last session being ready, at the largest number. */
  restartMs: number;
}

export interface OwnSessions {
  figures: SessionFigures;
  stack: Stack;
  users: AppUser[];
  phones: string[];
  close(): Promise<void>;
}

const settleMs = 5_000;

/** Links users one after another over the whole product, measuring at each of `counts`, then restarts the host. */
export async function measureOwnSessions(counts: readonly number[]): Promise<OwnSessions> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-'));
  const stack = await bootStack({ dir });
  const world = createWorldClient(stack.worldOrigin);
  const users: AppUser[] = [];
  const phones: string[] = [];
  const figures: SessionFigures = { qrMs: [], pssPerSession: {}, restartMs: 0 };
  for (const count of counts) {
    while (users.length < count) {
      const index = users.length;
      const phone = `55119700${String(index).padStart(5, '0')}`;
      await world.addPhone({ number: phone, name: `Owner ${index}` });
      const user = await registerUser({
        origin: stack.appOrigin,
        world,
        email: `bench-${index}@example.com`,
        name: `Owner ${index}`,
      });
      figures.qrMs.push(await timeToQr(user));
      const { qr } = await user.status();
      if (qr) await world.scan(phone, qr.code);
      await linked(user);
      users.push(user);
      phones.push(phone);
    }
    await pause(settleMs);
    figures.pssPerSession[count] = pssOfTree(hostPid(stack), { withRoot: false }) / count;
  }
  await stack.sessionHost.stop();
  const startedAt = performance.now();
  const since = new Date().toISOString();
  stack.sessionHost.start();
  await Promise.all(users.map((user) => linked(user, since)));
  figures.restartMs = performance.now() - startedAt;
  return {
    figures,
    stack,
    users,
    phones,
    async close() {
      await stack.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function timeToQr(user: AppUser): Promise<number> {
  await user.acceptLinkNotice();
  const startedAt = performance.now();
  await user.api.request('/api/whatsapp/connect', { method: 'POST', body: {} });
  await until(async () => ((await user.status()).state === 'qr' ? true : undefined), {
    what: 'a QR code',
    timeoutMs: 60_000,
  });
  return performance.now() - startedAt;
}

async function linked(user: AppUser, since = ''): Promise<void> {
  await until(
    async () => {
      const status = await user.status();
      return status.state === 'linked' && status.since > since ? true : undefined;
    },
    // Asking costs the same two cores that are measured.
    { what: `the link of ${user.email}`, timeoutMs: 120_000, everyMs: 250 },
  );
}

function hostPid(stack: Stack): number {
  const { pid } = stack.sessionHost;
  if (pid === undefined) throw new Error('The session host is not running');
  return pid;
}

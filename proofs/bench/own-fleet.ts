import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWorldClient, registerUser, until, type AppUser } from '@top-active/local/client';
import { bootStack, type Stack } from '@top-active/local/stack';
import type { PageBuild } from '@top-active/world/whatsapp';
import { z } from 'zod';
import type { Fleet, WrittenChat } from './fleet.ts';
import { createMessageCount } from './message-count.ts';
import { usageOfTree } from './process-usage.ts';
import { restartOf } from './restart.ts';

export interface OwnFleet extends Fleet {
  stack: Stack;
  users: readonly AppUser[];
  /** Ends the session host and leaves the rest of the stack. */
  stopHost(): Promise<void>;
}

const storedSchema = z.object({ timestamp: z.string() });
const timeoutMs = 120_000;
/** Asking costs the same two cores that are measured. */
const everyMs = 500;

/** Users of the whole product, linked through its API, on a build of WhatsApp's simulated page. */
export async function bootOwnFleet(page: { build: PageBuild }): Promise<OwnFleet> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-'));
  let count: ReturnType<typeof createMessageCount> | undefined;
  const stack = await bootStack({ dir, page, onLog: hear });
  const world = createWorldClient(stack.worldOrigin);
  const users: AppUser[] = [];
  const phones: string[] = [];
  const qrMs: number[] = [];

  /** The host says so once a message stands in DynamoDB. */
  function hear(line: string): void {
    if (!count || !line.includes('"Message stored"')) return;
    count.add(Date.parse(storedSchema.parse(JSON.parse(line)).timestamp));
  }

  async function link(): Promise<void> {
    const index = users.length;
    const phone = `55119700${String(index).padStart(5, '0')}`;
    await world.addPhone({ number: phone, name: `Owner ${index}` });
    const email = `bench-${index}@example.com`;
    const user = await registerUser({ origin: stack.appOrigin, world, email, name: `Owner ${index}` });
    qrMs.push(await timeToQr(user));
    const { qr } = await user.status();
    if (qr) await world.scan(phone, qr.code);
    await linkedSince(user, '');
    users.push(user);
    phones.push(phone);
  }

  const stopHost = () => stack.sessionHost.stop({ timeoutMs: 60_000 });

  return {
    stack,
    world,
    users,
    phones,
    qrMs,
    failedLinks: 0,
    stopHost,
    async grow(wanted) {
      while (users.length < wanted) await link();
    },
    async restart() {
      await stopHost();
      const startedAt = Date.now();
      stack.sessionHost.start();
      const since = new Date(startedAt).toISOString();
      const outcomes = await Promise.allSettled(users.map((user) => linkedSince(user, since)));
      return restartOf(startedAt, outcomes, usageOfTree(hostPid(stack)));
    },
    usage: () => usageOfTree(hostPid(stack)),
    expectMessages(wanted) {
      count = createMessageCount(wanted);
      return count;
    },
    async wronglyStored(written) {
      const found = await Promise.all(written.map((one) => isAsWritten(users[phones.indexOf(one.phone)], one)));
      return found.filter((isRight) => !isRight).length;
    },
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

/**
 * @returns when the session became ready, as the host wrote it into the status that the owner sees; epoch milliseconds
 */
async function linkedSince(user: AppUser, since: string): Promise<number> {
  return until(
    async () => {
      const status = await user.status();
      return status.state === 'linked' && status.since > since ? Date.parse(status.since) : undefined;
    },
    { what: `the link of ${user.email}`, timeoutMs, everyMs },
  );
}

async function isAsWritten(user: AppUser | undefined, { customer, texts }: WrittenChat): Promise<boolean> {
  const chat = (await user?.chats())?.find(({ phone }) => phone === customer);
  const stored = chat && (await user?.messages(chat.id));
  return stored?.map(({ text }) => text).join('\n') === texts.join('\n');
}

function hostPid(stack: Stack): number {
  const { pid } = stack.sessionHost;
  if (pid === undefined) throw new Error('The session host is not running');
  return pid;
}

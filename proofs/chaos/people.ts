import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Tenant } from '@top-active/aws';
import type { ChatId } from '@top-active/core/contracts';
import { shardOf } from '@top-active/core/domain';
import type { Stage } from './boot-stage.ts';
import { patiently } from './patiently.ts';
import type { UserRecord } from './records.ts';

const writeEveryMs = 2_000;
const orderEveryMs = 4_000;
const lookEveryMs = 300;
const linkWithinMs = 120_000;
const openStates = new Set(['PENDING', 'CLAIMED']);

/** An owner with a linked phone, and a customer of theirs. */
export interface Person {
  readonly name: string;
  readonly shard: number;
  readonly tenant: Tenant;
  /** Begins to write, to order, and to look for what arrived. */
  begin(): void;
  /** No more is written or ordered. */
  fallSilent(): Promise<void>;
  /** Everything that was written is stored, and every order has ended. */
  isSettled(): Promise<boolean>;
  record(): Promise<UserRecord>;
  close(): Promise<void>;
}

export async function createPerson(
  index: number,
  { stage, now }: { stage: Stage; now: () => number },
): Promise<Person> {
  const { world, tenants, placements } = stage;
  const digits = String(index).padStart(2, '0');
  const owner = `55119999900${digits}`;
  const customer = `55119888800${digits}`;
  world.addPhone({ number: owner, name: `Dona ${index}` });
  world.addPhone({ number: customer, name: `Cliente ${index}` });
  const tenant = await tenants.for(randomUUID());
  const written: { text: string; at: number; storedAt: number | undefined }[] = [];
  const orders: { text: string; id: string; state: string; failure?: string | undefined }[] = [];
  const writing = new AbortController();
  const watching = new AbortController();
  const loops: Promise<void>[] = [];
  let chatId: ChatId | undefined;

  async function link(): Promise<void> {
    await placements.assign(tenant.userId);
    await tenant.whatsapp.beginConnect();
    const deadline = now() + linkWithinMs;
    let scanned: string | undefined;
    for (;;) {
      const { state, qr } = await tenant.whatsapp.get();
      if (state === 'linked') return;
      if (qr && qr.code !== scanned) {
        world.scan(owner, qr.code);
        scanned = qr.code;
      }
      if (now() > deadline) throw new Error(`User ${index} could not be linked: ${state}`);
      await delay(200);
    }
  }

  /** Undefined until the customer has written. */
  async function findChat(): Promise<ChatId | undefined> {
    chatId ??= await patiently(() => tenant.chats.resolvePeer([`${customer}@c.us`]));
    return chatId;
  }

  function write(): void {
    const text = `in ${written.length + 1}`;
    written.push({ text, at: now(), storedAt: undefined });
    world.send({ from: customer, to: owner, text });
  }

  async function order(): Promise<void> {
    const chat = await findChat();
    if (chat === undefined) return;
    const text = `out ${orders.length + 1}`;
    const command = { kind: 'message.send', chatId: chat, text, author: 'owner' } as const;
    const { id } = await patiently(() => tenant.commands.create({ command, idempotencyKey: text }));
    orders.push({ text, id, state: 'PENDING' });
  }

  /** As far back as the oldest that wasn't seen yet: after a long pause more has come since than one page holds. */
  async function look(): Promise<void> {
    const open = written.filter(({ storedAt }) => storedAt === undefined);
    const [oldest] = open;
    if (!oldest) return;
    const chat = await findChat();
    if (chat === undefined) return;
    const older = new Set(written.slice(0, written.indexOf(oldest)).map(({ text }) => text));
    for await (const items of pagesOf(chat)) {
      const stored = new Set(items.map(({ text }) => text));
      for (const message of open) if (stored.has(message.text)) message.storedAt ??= now();
      if (items.some(({ text }) => older.has(text))) return;
    }
  }

  /** The newest first. */
  async function* pagesOf(chat: ChatId) {
    let before: string | undefined;
    do {
      const query = { chatId: chat, limit: 50, ...(before !== undefined && { before }) };
      const { items, before: earlier } = await patiently(() => tenant.messages.page(query));
      yield items;
      before = earlier;
    } while (before !== undefined);
  }

  /** One after the other: a long run has hundreds of them. */
  async function askStates(): Promise<void> {
    for (const order of orders.filter(({ state }) => openStates.has(state)))
      Object.assign(order, await patiently(async () => endOf(await tenant.commands.get(order.id))));
  }

  async function texts(): Promise<string[]> {
    const chat = await findChat();
    if (chat === undefined) return [];
    const all: string[] = [];
    for await (const items of pagesOf(chat))
      all.unshift(...items.filter(({ author }) => author === 'customer').map(({ text }) => text));
    return all;
  }

  await link();
  return {
    name: tenant.userId,
    shard: shardOf(tenant.userId, stage.shards),
    tenant,
    begin() {
      loops.push(
        repeat(write, { everyMs: writeEveryMs, signal: writing.signal }),
        repeat(order, { everyMs: orderEveryMs, signal: writing.signal }),
        repeat(look, { everyMs: lookEveryMs, signal: watching.signal }),
      );
    },
    async fallSilent() {
      writing.abort();
      await Promise.all(loops.slice(0, 2));
    },
    async isSettled() {
      await askStates();
      return (
        written.every(({ storedAt }) => storedAt !== undefined) && !orders.some(({ state }) => openStates.has(state))
      );
    },
    async record() {
      await askStates();
      const received = world.received({ phone: customer, limit: 10_000 }).map(({ text }) => text);
      return { name: tenant.userId, written, stored: await texts(), ordered: orders, received };
    },
    async close() {
      writing.abort();
      watching.abort();
      await Promise.allSettled(loops);
    },
  };
}

async function repeat(work: () => Promise<void> | void, { everyMs, signal }: { everyMs: number; signal: AbortSignal }) {
  while (!signal.aborted) {
    await work();
    await delay(everyMs * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
  }
}

function endOf(command: { state: string; failure?: string | undefined } | undefined) {
  return { state: command?.state ?? 'gone', failure: command?.failure };
}

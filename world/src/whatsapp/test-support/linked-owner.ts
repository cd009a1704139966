import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { Message } from 'whatsapp-web.js';
import { lastBuildOfTheLibrary } from '../page-builds.ts';
import type { PageChanges } from '../page-settings.ts';
import { createWhatsAppWorld, type WhatsAppWorld } from '../server.ts';
import { cleanUp, launchClient, type LaunchedClient } from './launch-client.ts';

export const owner = '5511900000001';
export const customer = '5511900000002';
export const customerId = `${customer}@c.us`;
/** Has 1,200 messages with the owner, from before the link. */
export const other = '5511900000003';

export const soon = { timeout: 8000, interval: 15 };

/** A world with an owner, whose phone is linked to the unmodified library in real Chromium. */
export interface LinkedOwner {
  world: WhatsAppWorld;
  session: LaunchedClient;
  /** Waits for a message with this text to be announced. */
  next(text: string): Promise<Message>;
  /** The customer writes; resolves with what the library announces. */
  ask(text: string): Promise<Message>;
  /** Ticks announced for a message, in order. */
  acksOf(id: string): number[];
  /** What the customer's phone received with this text. */
  receivedByCustomer(text: string): ReturnType<WhatsAppWorld['received']>;
  close(): Promise<void>;
}

export async function linkOwner({ page }: { page?: PageChanges } = {}): Promise<LinkedOwner> {
  const dir = await mkdtemp(join(tmpdir(), 'whatsapp-world-'));
  const world = await createWhatsAppWorld({ dir, page: { build: lastBuildOfTheLibrary, ...page } });
  world.addPhone({ number: owner, name: 'Clínica Ana' });
  world.addPhone({ number: customer, name: 'Bruno' });
  world.addPhone({ number: other, name: 'Carla' });
  world.saveContact(owner, { number: customer, name: 'Bruno Paciente' });
  const start = Math.floor(Date.now() / 1000) - 100_000;
  const messages = Array.from({ length: 1200 }, (_, i) => ({ fromMe: i % 3 === 0, text: `antiga ${i}`, t: start + i }));
  world.addHistory({ phone: owner, peer: other, messages });

  const session = await launchClient({ world });
  const acks: { id: string; ack: number }[] = [];
  session.client.on('message_ack', (message, ack) => acks.push({ id: message.id.id, ack }));
  await until(() => session.qrs.length > 0);
  world.scan(owner, session.qrs.at(-1) ?? '');
  await until(() => session.log.includes('ready'));

  async function until(condition: () => boolean): Promise<void> {
    await vi.waitFor(() => {
      if (!condition()) throw new Error(`Not yet. So far: ${session.log.join(', ')}`);
    }, soon);
  }

  function next(text: string): Promise<Message> {
    return vi.waitFor(() => {
      const message = session.messages.find((candidate) => candidate.body === text);
      if (message === undefined) throw new Error(`"${text}" has not arrived`);
      return message;
    }, soon);
  }

  return {
    world,
    session,
    next,
    ask(text) {
      world.send({ from: customer, to: owner, text });
      return next(text);
    },
    acksOf: (id) => acks.filter((ack) => ack.id === id).map((ack) => ack.ack),
    receivedByCustomer: (text) =>
      world.received({ phone: customer, limit: 1000 }).filter((message) => message.text === text),
    async close() {
      await cleanUp();
      await world.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

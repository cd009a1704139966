import { setTimeout as pause } from 'node:timers/promises';
import type { Fleet } from './fleet.ts';
import { perSecond } from './ratios.ts';

export interface InboundPlan {
  users: number;
  messagesPerUser: number;
}

export interface InboundFigures {
  messages: number;
  /** Fewer than `messages` when the time was up. */
  taken: number;
  /** From the first message that was sent to the last one that was taken. */
  messagesPerSecond: number;
  /** How fast the simulated phones wrote. Near `messagesPerSecond` they were what was slow. */
  writtenPerSecond: number;
  /** What one message took of one core, milliseconds. */
  nodeCpuMs: number;
  browserCpuMs: number;
  /** Chats in which not exactly what was written is stored; undefined where nothing is stored. */
  wrongChats: number | undefined;
}

/** Chats of each user. One chat's messages come one after another. */
const customersPerUser = 4;
const timeoutMs = 180_000;
/** The owner's unread counts are written a second after the last message. */
const settleMs = 3_000;

/**
 * Customers write as fast as the simulated phones can. Each has written once before, so that no chat is new. Messages
 * wait in the host meanwhile: this is how fast it gets through them, on a machine that also runs the phones, WhatsApp
 * and the cloud.
 */
export async function measureInbound(fleet: Fleet, { users, messagesPerUser }: InboundPlan): Promise<InboundFigures> {
  const { world } = fleet;
  const texts = [
    'Bom dia!',
    ...Array.from({ length: Math.ceil(messagesPerUser / customersPerUser) }, (_, i) => textOf(i)),
  ];
  const [greeting = '', ...others] = texts;
  const chats = fleet.phones.slice(0, users).flatMap((phone, user) =>
    Array.from({ length: customersPerUser }, (_, i) => ({
      phone,
      customer: `55219900${String(user * customersPerUser + i).padStart(5, '0')}`,
      texts,
    })),
  );
  for (const { customer } of chats) await world.addPhone({ number: customer, name: `Customer ${customer.slice(-3)}` });
  const greetings = fleet.expectMessages(chats.length);
  for (const { customer, phone } of chats) await world.write(customer, phone, greeting);
  const greeted = await greetings.taken(timeoutMs);
  if (greeted.count < chats.length) throw new Error(`Only ${greeted.count} of ${chats.length} first messages came`);
  await pause(settleMs);

  const messages = others.length * chats.length;
  const before = fleet.usage();
  const expected = fleet.expectMessages(messages);
  const firstAt = Date.now();
  await Promise.all(
    chats.map(async ({ customer, phone }) => {
      for (const text of others) await world.write(customer, phone, text);
    }),
  );
  const writtenMs = Date.now() - firstAt;
  const { count, lastAt } = await expected.taken(timeoutMs);
  const after = fleet.usage();
  if (count === 0) throw new Error('No message came');
  return {
    messages,
    taken: count,
    messagesPerSecond: perSecond(count, lastAt - firstAt),
    writtenPerSecond: perSecond(messages, writtenMs),
    nodeCpuMs: (after.node.cpuMs - before.node.cpuMs) / count,
    browserCpuMs: (after.browsers.cpuMs - before.browsers.cpuMs) / count,
    wrongChats: await fleet.wronglyStored?.(chats),
  };
}

/** Of the length of what people write. */
function textOf(index: number): string {
  return `Mensagem ${index}: queria marcar uma limpeza para sexta à tarde, se ainda houver horário livre.`;
}

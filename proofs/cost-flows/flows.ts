import { randomUUID } from 'node:crypto';
import { loginUser, until, type WorldClient } from '@top-active/local/client';
import type { Meter, Usage } from '@top-active/cloud/metering';
import type { Stack } from '@top-active/local/stack';
import { measureFlow, untilQuiet } from './flow-meter.ts';
import { pendingSuggestion, type Owner } from './owner.ts';

/** A linked owner, and a customer who has written to them before. */
export interface FlowsScene {
  stack: Stack;
  world: WorldClient;
  owner: Owner;
  customer: string;
  chatId: string;
}

interface Flow {
  /** Mode of the chat's assistant during the flow. */
  assistant: 'off' | 'suggest';
  run: (scene: FlowsScene) => Promise<unknown>;
}

/** Has a customer write to a linked owner for the first time. */
export async function setScene({
  stack,
  world,
  owner,
}: Pick<FlowsScene, 'stack' | 'world' | 'owner'>): Promise<FlowsScene> {
  const customer = `55219800${owner.phone.slice(-5)}`;
  await world.addPhone({ number: customer, name: 'Carla Cliente' });
  await world.write(customer, owner.phone, 'Bom dia!');
  const chatId = await until(async () => (await owner.user.chats()).find(({ phone }) => phone === customer)?.id, {
    what: 'the chat',
    timeoutMs: 30_000,
  });
  return { stack, world, owner, customer, chatId };
}

/** What happens around one message, in an order in which each finds what it needs, round after round. */
const messageFlows = {
  /** The owner writes by hand in the app. */
  ownerSend: {
    assistant: 'off',
    run: ({ owner: { user }, chatId }) => user.send(chatId, 'Bom dia! A limpeza custa R$ 120.', randomUUID()),
  },
  /** A customer asks for a time, and the assistant proposes one. */
  messageInWithSuggestion: {
    assistant: 'suggest',
    run: ({ world, owner, customer }) =>
      world.write(customer, owner.phone, `Tem horário amanhã à tarde? Seria para uma limpeza. ${randomUUID()}`),
  },
  /** The owner takes the proposal: it is booked and sent, and reaches the customer's phone. */
  acceptWithBooking: {
    assistant: 'suggest',
    run: async ({ owner: { user }, chatId }) => {
      const { id, appointment } = await pendingSuggestion(user, chatId);
      if (!appointment) throw new Error('The suggestion proposes no appointment');
      await user.api.request(`/api/suggestions/${id}/accept`, { method: 'POST', body: {} });
    },
  },
  /** A customer writes to a chat without assistant; nobody has the app open. */
  messageIn: {
    assistant: 'off',
    run: ({ world, owner, customer }) =>
      world.write(customer, owner.phone, `Olá, quanto custa uma limpeza? ${randomUUID()}`),
  },
  openChat: {
    assistant: 'off',
    run: ({ owner: { user }, chatId }) => user.api.request(`/api/chats/${chatId}/messages`),
  },
  listChats: { assistant: 'off', run: ({ owner: { user } }) => user.api.request('/api/chats') },
} satisfies Record<string, Flow>;

export async function login({ stack, world, owner }: FlowsScene): Promise<void> {
  await loginUser({ origin: stack.appOrigin, world, email: owner.user.email });
}

/** One round of all flows: what each took. Switching the assistant in between isn't counted. */
export async function measureRound({
  scene,
  meter,
  quietMs,
}: {
  scene: FlowsScene;
  meter: Meter;
  quietMs: number;
}): Promise<Map<string, Usage[]>> {
  const measured = new Map<string, Usage[]>();
  let assistant: string | undefined;
  for (const [name, flow] of Object.entries(messageFlows)) {
    if (flow.assistant !== assistant) {
      await scene.owner.user.setAssistant(scene.chatId, flow.assistant);
      await untilQuiet(meter, quietMs);
      ({ assistant } = flow);
    }
    measured.set(name, await measureFlow(meter, { run: () => flow.run(scene), quietMs }));
  }
  return measured;
}

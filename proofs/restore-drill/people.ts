import { putOpenAiKeyRequestSchema, suggestionsResponseSchema } from '@top-active/core/contracts';
import { registerUser, until, type AppUser } from '@top-active/local/client';
import type { WorldClient } from '@top-active/local/client/world-client';

/** Somebody with a linked phone and a customer. */
export interface Person {
  user: AppUser;
  phone: string;
  customer: string;
  /** What the customer wrote and the owner answered so far, in order. */
  said: string[];
}

const demoKey = 'sk-simulated-demo-key-0000000000000000000000';

/** Registers, links a phone, stores an OpenAI key, and has a customer write whose chat gets suggestions. */
export async function settle(
  { origin, world }: { origin: string; world: WorldClient },
  { name, number, messages }: { name: string; number: number; messages: number },
): Promise<Person> {
  const phone = `55119700000${String(number).padStart(2, '0')}`;
  const customer = `55119800000${String(number).padStart(2, '0')}`;
  await world.addPhone({ number: phone, name });
  await world.addPhone({ number: customer, name: `Cliente de ${name}` });
  const user = await registerUser({ origin, world, email: `${name.toLowerCase()}@example.com`, name });
  await user.linkWhatsApp(phone);
  await user.api.request('/api/credentials/openai', {
    method: 'PUT',
    body: putOpenAiKeyRequestSchema.parse({ key: demoKey }),
  });
  const person = { user, phone, customer, said: [] };
  await customerWrites(person, world, messages);
  const { id } = await chatOf(person);
  await user.setAssistant(id, 'suggest');
  return person;
}

/** The customer writes; resolves when all of it stands in the thread. */
export async function customerWrites(person: Person, world: WorldClient, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    const text = `Mensagem ${person.said.length + 1}`;
    await world.write(person.customer, person.phone, text);
    person.said.push(text);
  }
  await until(async () => ((await thread(person)).length >= person.said.length ? true : undefined), {
    what: `the messages of ${person.customer}`,
    timeoutMs: 60_000,
  });
}

export async function chatOf({ user }: Person) {
  return until(async () => (await user.chats())[0], { what: 'the chat', timeoutMs: 60_000 });
}

/** Texts of the thread, oldest first. */
export async function thread(person: Person): Promise<string[]> {
  const { id } = await chatOf(person);
  return (await person.user.messages(id)).map(({ text }) => text);
}

export async function suggestions({ user }: Person) {
  return (await user.api.request('/api/suggestions', { answer: suggestionsResponseSchema })).items;
}

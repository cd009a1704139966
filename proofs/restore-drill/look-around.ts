import { eventsResponseSchema, type UserId } from '@top-active/core/contracts';
import { ApiError, createWorldClient, loginUser, until, type WorldClient } from '@top-active/local/client';
import type { Stack } from '@top-active/local/stack';
import { z } from 'zod';
import type { Findings } from './findings.ts';
import { customerWrites, suggestions, thread, type Person } from './people.ts';

/** The message that is on its way at the restore point. */
export const openSend = 'Resposta que estava a caminho';

/** What there was when the tables were lost. */
export interface Before {
  kept: Person;
  /** Erased after the restore point. */
  gone: Person;
  /** Registered after it. */
  late: { email: string; userId: UserId };
  /** Newest event of `kept`. */
  seq: number;
  /** How often a code of `kept` was scanned. */
  linked: number;
}

/** What became of everybody and everything after the restore. */
export async function lookAround({
  stack,
  before: { kept, gone, late, seq, linked },
  findings,
  messages,
}: {
  stack: Stack;
  before: Before;
  findings: Findings;
  messages: number;
}): Promise<void> {
  const world = createWorldClient(stack.worldOrigin);
  const place = { origin: stack.appOrigin, world };
  const person: Person = { ...kept, user: await loginUser({ ...place, email: kept.user.email }) };

  await findings.check('the session comes back without a new code', async () => {
    await until(async () => ((await person.user.status()).state === 'linked' ? true : undefined), {
      what: 'the link',
      timeoutMs: 90_000,
    });
    const now = await linkedEvents(world, kept);
    return { ok: now === linked, seen: `${now - linked} codes scanned` };
  });
  await findings.check('what came after the restore point is fetched again, once and in order', async () => {
    const texts = await until(
      async () => {
        const found = await thread(person);
        return found.length >= person.said.length ? found : undefined;
      },
      { what: 'the messages from after the restore point', timeoutMs: 60_000 },
    );
    return {
      ok: texts.join('\n') === person.said.join('\n'),
      seen: `${texts.length} of ${person.said.length} messages`,
    };
  });
  await findings.check('what was on its way at the restore point is not sent twice', async () => {
    const { length } = await heard(world, kept);
    return { ok: length === 1, seen: `${length} times with the customer` };
  });
  await findings.check('secrets open and the assistant works', async () => {
    await customerWrites(person, world, 1);
    const found = await until(async () => (await suggestions(person)).find(({ state }) => state === 'pending'), {
      what: 'a suggestion for a new message',
      timeoutMs: 60_000,
    });
    return { ok: !found.text.includes('undefined'), seen: `a suggestion by ${found.model}` };
  });
  await findings.check('a page that was open before reads everything anew', async () => {
    const { reset } = await person.user.api.request(`/api/events?after=${seq + 10 * messages + 1_000}`, {
      answer: eventsResponseSchema,
    });
    return { ok: reset, seen: reset ? 'reset' : 'no reset' };
  });
  await findings.check('the erased can’t log in', async () => {
    const answer = await loginUser({ ...place, email: gone.user.email }).catch((error: unknown) => error);
    const code = answer instanceof ApiError ? answer.problem.code : 'logged in';
    return { ok: code === 'invalid_credentials', seen: code };
  });
  await findings.check('the erased’s phone has no device of ours', async () => {
    const { devices } = phoneSchema.parse(await world.call('GET', `/whatsapp/phones/${gone.phone}`));
    return { ok: devices.length === 0, seen: `${devices.length} devices` };
  });
  await findings.check('an account from after the restore point begins anew', async () => {
    const user = await loginUser({ ...place, email: late.email });
    return { ok: user.userId === late.userId && (await user.chats()).length === 0, seen: 'logged in, empty' };
  });
}

const phoneSchema = z.object({ devices: z.array(z.unknown()) });
const eventsSchema = z.object({ events: z.array(z.object({ kind: z.string() })) });

/** How often a code was scanned with the phone. */
export async function linkedEvents(world: WorldClient, { phone }: Person): Promise<number> {
  const { events } = eventsSchema.parse(await world.call('GET', `/whatsapp/events?phone=${phone}&limit=1000`));
  return events.filter(({ kind }) => kind === 'linked').length;
}

/** The message that was on its way, as the customer has it. */
export async function heard(world: WorldClient, { customer, phone }: Person) {
  const chat = (await world.chats(customer)).find(({ peer }) => peer.includes(phone));
  return chat ? (await world.messages(customer, chat.peer)).filter(({ text }) => text === openSend) : [];
}

import type { Suggestion } from '@top-active/core/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Cut } from '../support/cut-off.ts';
import { calendarScopes, startLambdasFixture, type LambdasFixture, type TestUser } from '../support/lambdas-fixture.ts';
import { acknowledged, again, sqsEvent } from '../support/sqs-event.ts';

const marina = '5511900001111@c.us';
let fixture: LambdasFixture;
let user: TestUser;
let email: string;
beforeAll(async () => {
  fixture = await startLambdasFixture({ cuttable: 'assistant' });
});
afterAll(() => fixture.close());
beforeEach(async () => {
  fixture.google.setFaults([]);
  fixture.google.clearLog();
  user = await fixture.newUser();
  email = await fixture.connectGoogle(user);
});

const appointment = {
  title: 'Limpeza de pele, Marina',
  start: '2027-03-02T13:00:00.000Z',
  end: '2027-03-02T14:00:00.000Z',
  timeZone: 'America/Sao_Paulo',
};

/** A suggestion with an appointment that the owner has accepted. */
async function accepted(): Promise<Suggestion> {
  const { chatId, messageId } = await user.tenant.messages.recordMessage({
    chat: { waIds: [marina], name: 'Marina', phone: '5511900001111', isGroup: false },
    message: {
      waId: 'wa-1',
      stanzaId: 'STANZA1',
      direction: 'in',
      author: 'customer',
      kind: 'text',
      text: 'Oi',
      sentAt: 1_790_000_000,
      delivery: 'delivered',
    },
  });
  await user.tenant.chats.setAssistantMode(chatId, 'suggest');
  const outcome = await user.tenant.suggestions.create({
    chatId,
    answers: messageId,
    madeFrom: [messageId],
    text: 'Terça às 10h, combinado?',
    appointment,
    model: 'gpt-simulated',
    simulated: true,
    usage: { inputTokens: 1, outputTokens: 1 },
  });
  if (!outcome.created) throw new Error(outcome.reason);
  return user.tenant.suggestions.accept(outcome.suggestion.id, {});
}

/** Delivers the job, and answers what its queue is told. */
function book({ id, chatId }: Suggestion, attempt = 1): Promise<unknown> {
  const job = { type: 'book', userId: user.userId, chatId, suggestionId: id };
  return fixture.invoke('assistant', sqsEvent(job, attempt));
}

const events = () => fixture.google.events(email) ?? [];

/** What a booking has led to, everywhere. */
async function outcomeOf({ id }: Suggestion) {
  const suggestion = await user.tenant.suggestions.get(id);
  const commands = await user.tenant.commands.open();
  return {
    state: suggestion?.state,
    failure: suggestion?.failure,
    events: events().length,
    sends: commands.map(({ state, suggestionId, command }) => ({ state, suggestionId, command })),
    // The suggestion knows its command and its event, and so does the appointment.
    linked: suggestion?.commandId !== undefined && suggestion.commandId === commands[0]?.id,
    appointments: (await user.tenant.appointments.list()).map((one) => ({
      title: one.title,
      start: one.start,
      sameEvent: one.eventUrl === suggestion?.eventUrl,
    })),
  };
}

/** The event is in the calendar once, the reply is on its way once, and all know of each other. */
const bookedOnce = ({ id, chatId }: Suggestion) => ({
  state: 'accepted',
  failure: undefined,
  events: 1,
  sends: [
    {
      state: 'PENDING',
      suggestionId: id,
      command: { kind: 'message.send', chatId, to: marina, text: 'Terça às 10h, combinado?', author: 'assistant' },
    },
  ],
  linked: true,
  appointments: [{ title: appointment.title, start: appointment.start, sameEvent: true }],
});

/** Nothing is sent, and the suggestion says why. */
const failed = (failure: string) => ({ state: 'failed', failure, sends: [], linked: false, appointments: [] });

describe('booking', () => {
  it('puts the event into the calendar and lets the reply go out', async () => {
    const suggestion = await accepted();
    await book(suggestion);
    expect(await outcomeOf(suggestion)).toEqual(bookedOnce(suggestion));
    expect(events()).toMatchObject([{ description: expect.stringContaining('Marina, +5511900001111') }]);
  });

  const steps: Record<string, Cut['request']> = {
    'it looks whether the time is free': ({ path }) => path.endsWith('/freeBusy'),
    'the event is made': ({ path }) => path.endsWith('/events'),
    'the booking is noted': ({ body }) => body.includes('TransactItems') && body.includes('APPOINTMENT#'),
  };
  it.each(
    Object.keys(steps).flatMap((step) => [
      { when: 'before' as const, step },
      { when: 'after' as const, step },
    ]),
  )('that is cut off $when $step is done once by the next delivery', async ({ when, step }) => {
    const suggestion = await accepted();
    fixture.cutOff({ when, request: steps[step] ?? (() => false) });
    await expect(book(suggestion)).rejects.toThrow('Runtime exited');
    expect(await book(suggestion, 2)).toEqual(acknowledged);
    expect(await outcomeOf(suggestion)).toEqual(bookedOnce(suggestion));
    expect(await book(suggestion, 3)).toEqual(acknowledged);
    expect(await outcomeOf(suggestion)).toEqual(bookedOnce(suggestion));
  });

  it('delivered three times at once happens once', async () => {
    const suggestion = await accepted();
    await Promise.all([book(suggestion), book(suggestion), book(suggestion)]);
    expect(await outcomeOf(suggestion)).toEqual(bookedOnce(suggestion));
  });

  it('sends nothing when the slot was taken meanwhile', async () => {
    const suggestion = await accepted();
    fixture.google.addEvent(email, {
      summary: 'Dentist',
      start: { dateTime: '2027-03-02T10:30:00-03:00' },
      end: { dateTime: '2027-03-02T10:45:00-03:00' },
    });
    await book(suggestion);
    expect(await outcomeOf(suggestion)).toMatchObject(failed('slot_taken'));
    expect(events()).toMatchObject([{ summary: 'Dentist' }]);
  });

  it('sends nothing without the permission to write', async () => {
    await user.api.request('/api/google', { method: 'DELETE' });
    await fixture.connectGoogle(user, calendarScopes.slice(0, 1));
    const suggestion = await accepted();
    await book(suggestion);
    expect(await outcomeOf(suggestion)).toMatchObject(failed('google_permission_missing'));
  });

  it('sends nothing when Google is no longer connected', async () => {
    const suggestion = await accepted();
    const another = await accepted();
    fixture.google.expireGrant(email);
    const seq = await user.tenant.events.last();
    const questions = () => fixture.google.log().calls.filter(({ operation }) => operation.startsWith('oauth2.token'));
    fixture.google.clearLog();
    await book(suggestion);
    expect(await outcomeOf(suggestion)).toMatchObject(failed('google_not_connected'));
    expect((await user.tenant.credentials.get('google'))?.state).toBe('invalid');
    const told = (await user.tenant.events.after(seq)).items.map(({ type }) => type);
    expect(told.filter((type) => type === 'credentials.updated')).toHaveLength(1);
    // Google is asked once, and for the next booking not at all.
    expect(questions()).toHaveLength(1);
    await book(another);
    expect((await user.tenant.suggestions.get(another.id))?.failure).toBe('google_not_connected');
    expect(questions()).toHaveLength(1);

    await fixture.connectGoogle(user);
    const third = await accepted();
    await book(third);
    expect((await user.tenant.suggestions.get(third.id))?.commandId).toBeDefined();
  });

  it.each(['rate_limit_403', 'rate_limit_429', 'server_error', 'unavailable'] as const)(
    'asks Google again after %s, a few times',
    async (kind) => {
      const suggestion = await accepted();
      fixture.google.setFaults([{ kind, times: 2, operation: 'calendar.events.insert' }]);
      expect(await book(suggestion)).toEqual(acknowledged);
      expect(await outcomeOf(suggestion)).toEqual(bookedOnce(suggestion));
      expect(fixture.google.log().counts['calendar.events.insert']).toBe(3);
      fixture.google.setFaults([{ kind, times: 100 }]);
      expect(await book(await accepted())).toEqual(again);
      expect(fixture.google.faults()[0]?.times).toBe(97);
    },
  );

  it('waits for a Google that is down, and gives up at the third delivery', async () => {
    const suggestion = await accepted();
    fixture.google.setFaults([{ kind: 'unavailable', times: 1000 }]);
    expect(await book(suggestion, 1)).toEqual(again);
    expect(await book(suggestion, 2)).toEqual(again);
    expect((await user.tenant.suggestions.get(suggestion.id))?.state).toBe('accepted');
    expect(await book(suggestion, 3)).toEqual(acknowledged);
    expect(await outcomeOf(suggestion)).toMatchObject(failed('google_unreachable'));
  });

  it('does nothing for a suggestion that is not accepted', async () => {
    const suggestion = await accepted();
    await user.tenant.suggestions.markFailed(suggestion.id, 'slot_taken');
    await book(suggestion);
    expect(events()).toEqual([]);
    expect(await user.tenant.commands.open()).toEqual([]);
  });
});

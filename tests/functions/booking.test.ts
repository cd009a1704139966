import { createClients, type Tenant, type Tenants } from '@top-active/aws';
import type { Suggestion } from '@top-active/core/contracts';
import type { Interval } from '@top-active/core/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAssistant } from '@top-active/lambdas/assistant/assistant';
import type { AssistantDeps } from '@top-active/lambdas/assistant/assistant-deps';
import { openCalendar, type Booking, type Calendar } from '@top-active/lambdas/google/calendar';
import { createGoogleOAuth } from '@top-active/lambdas/google/google-oauth';
import { googleEnvSchema, googleSettings } from '@top-active/lambdas/google/google-settings';
import { calendarScopes, startLambdasFixture, type LambdasFixture, type TestUser } from '../support/lambdas-fixture.ts';

const marina = '5511900001111@c.us';
let fixture: LambdasFixture;
let user: TestUser;
let email: string;
beforeAll(async () => {
  fixture = await startLambdasFixture();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  fixture.google.setFaults([]);
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

/** Where a worker is cut off: before a step takes effect, or after it did but before anybody knew. */
interface Cut {
  step: 'busy' | 'book' | 'markBooked';
  when: 'before' | 'after';
}

const cutOff = new Error('cut off');

/** Runs the job; with a cut, as a worker that dies there. */
async function book(
  { id, chatId }: Suggestion,
  { attempt = 1, cut }: { attempt?: number; cut?: Cut } = {},
): Promise<void> {
  const dying =
    <A extends unknown[], R>(step: Cut['step'], work: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (cut?.step === step && cut.when === 'before') throw cutOff;
      const result = await work(...args);
      if (cut?.step === step) throw cutOff;
      return result;
    };
  const tenants: Tenants = {
    for: async (userId) => {
      const tenant: Tenant = await fixture.tenantOf(userId);
      return {
        ...tenant,
        suggestions: {
          ...tenant.suggestions,
          markBooked: dying('markBooked', (id: string, booking: { eventId: string; eventUrl: string }) =>
            tenant.suggestions.markBooked(id, booking),
          ),
        },
      };
    },
    forget: async () => undefined,
    close: async () => undefined,
  };
  const env = googleEnvSchema.parse(process.env);
  const oauth = createGoogleOAuth(googleSettings(createClients(), env));
  const deps: AssistantDeps = {
    tenants,
    openCalendar: async (tenant) => {
      const calendar: Calendar = await openCalendar({ tenant, oauth, apiRoot: env.GOOGLE_API_ROOT });
      return {
        ...calendar,
        busy: dying('busy', (span: Interval) => calendar.busy(span)),
        book: dying('book', (booking: Booking) => calendar.book(booking)),
      };
    },
    openAi: { baseUrl: 'http://127.0.0.1:9', model: 'none' },
    watch: { look: () => Promise.resolve(undefined), gone: () => Promise.resolve() },
    now: Date.now,
  };
  await createAssistant(deps)({ type: 'book', userId: user.userId, chatId, suggestionId: id }, { attempt });
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

  it.each<Cut>([
    { step: 'busy', when: 'before' },
    { step: 'busy', when: 'after' },
    { step: 'book', when: 'before' },
    { step: 'book', when: 'after' },
    { step: 'markBooked', when: 'before' },
    { step: 'markBooked', when: 'after' },
  ])('that is cut off $when $step is done once by the next delivery', async (cut) => {
    const suggestion = await accepted();
    await expect(book(suggestion, { cut })).rejects.toBe(cutOff);
    await book(suggestion, { attempt: 2 });
    expect(await outcomeOf(suggestion)).toEqual(bookedOnce(suggestion));
    await book(suggestion, { attempt: 3 });
    expect(await outcomeOf(suggestion)).toEqual(bookedOnce(suggestion));
  });

  it('by two workers at once happens once', async () => {
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
    fixture.google.expireGrant(email);
    await book(suggestion);
    expect(await outcomeOf(suggestion)).toMatchObject(failed('google_not_connected'));
    expect((await user.tenant.credentials.get('google'))?.state).toBe('invalid');
  });

  it('waits for a Google that is down, and gives up at the third delivery', async () => {
    const suggestion = await accepted();
    fixture.google.setFaults([{ kind: 'unavailable', times: 1000, operation: 'calendar.', account: undefined }]);
    await expect(book(suggestion, { attempt: 1 })).rejects.toMatchObject({ code: 'google_unreachable' });
    await expect(book(suggestion, { attempt: 2 })).rejects.toMatchObject({ code: 'google_unreachable' });
    expect((await user.tenant.suggestions.get(suggestion.id))?.state).toBe('accepted');
    await book(suggestion, { attempt: 3 });
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

import { logger } from '@top-active/aws';
import { chatsResponseSchema, messageKinds, messagesResponseSchema } from '@top-active/core/contracts';
import { safeStanzaId } from '@top-active/core/domain';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EngineEvent, EngineSession } from '@top-active/session-host/engine/engine';
import { createInbound, type InboundEvent } from '@top-active/session-host/inbound/inbound';
import { startLambdasFixture, type LambdasFixture } from '../support/lambdas-fixture.ts';

let fixture: LambdasFixture;
beforeAll(async () => {
  fixture = await startLambdasFixture();
});
afterAll(() => fixture.close());

const quiet = { ...logger, debug: ignore, info: ignore, warn: ignore, error: ignore };
const now = Math.floor(Date.now() / 1000);

function ignore() {}

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('\ud800', '\u0000', '€'.repeat(80_000), '😀'.repeat(200_000), ''),
);
const anyNumber = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(1e300, 5e-324, -0, Number.NaN, Infinity));
const anyTime = fc.oneof(
  fc.integer({ min: now - 100_000, max: now }),
  anyNumber,
  fc.constantFrom(now + 0.5, now - 0.25, undefined, -1, 9_999_999_999, 1e15),
);
const anyInstant = fc.oneof(fc.constant(new Date(now * 1000).toISOString()), fc.constantFrom('amanhã', '', null, 5));
const peer = fc.constantFrom('5511988887777@c.us', '99887766554433@lid', '120363000000000001@g.us');
/** Few, so that several events are about one message, and some that can be no part of a key. */
const stanzaId = fc.oneof(
  fc.constantFrom('3A01', '3A02', '3EB0AAAA'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 70 }),
);
const anyReaction = fc.record({
  author: fc.constantFrom('customer', 'owner', 'nobody'),
  senderId: anyText,
  senderName: anyText,
  emoji: anyText,
  at: anyInstant,
});
const anyPoll = fc.record({
  question: anyText,
  options: fc.oneof(fc.array(fc.record({ text: anyText, votes: anyNumber }), { maxLength: 60 }), fc.anything()),
  multiple: fc.anything(),
});

/** Fields as they should be, ill-formed ones, and anything at all. */
const anyContent = fc.record(
  {
    sender: fc.oneof(fc.record({ id: anyText, name: anyText, phone: anyText }), fc.anything()),
    quoted: fc.oneof(
      fc.record({ stanzaId, author: fc.constantFrom('customer', 'owner', 'x'), kind: anyText, text: anyText }),
      fc.object(),
    ),
    reactions: fc.oneof(fc.array(anyReaction, { maxLength: 150 }), fc.anything()),
    place: fc.oneof(
      fc.record({ latitude: anyNumber, longitude: anyNumber, name: anyText, live: fc.anything() }),
      fc.object(),
    ),
    contacts: fc.oneof(
      fc.array(fc.record({ name: anyText, phones: fc.array(anyText) }), { maxLength: 50 }),
      fc.anything(),
    ),
    poll: fc.oneof(anyPoll, fc.object()),
    file: fc.oneof(fc.record({ name: anyText, mimeType: anyText, bytes: anyNumber, seconds: anyNumber }), fc.object()),
    call: fc.oneof(fc.record({ missed: fc.boolean(), video: fc.boolean(), seconds: anyNumber }), fc.object()),
    viewOnce: fc.anything(),
    plannedFor: fc.option(anyInstant, { nil: undefined, freq: 4 }),
    onPhone: fc.oneof(fc.record({ reason: fc.constantFrom('view_once', 'x'), type: anyText }), fc.object()),
    failure: fc.anything(),
  },
  { requiredKeys: [] },
);

const anyMessage = fc.record(
  {
    peer,
    waId: fc.oneof(anyText, fc.constant(undefined)),
    stanzaId,
    fromMe: fc.boolean(),
    kind: fc.oneof(fc.constantFrom(...messageKinds), anyText, fc.constant(undefined)),
    text: fc.oneof(anyText, fc.constant(undefined)),
    sentAt: anyTime,
    delivery: fc.constantFrom('pending', 'sent', 'delivered', 'read', 'failed', 'lost', undefined),
    edited: fc.anything(),
    pushname: anyText,
    content: fc.oneof(anyContent, fc.anything()),
  },
  { requiredKeys: ['peer', 'stanzaId', 'fromMe'] },
);

const about = { peer, stanzaId, fromMe: fc.boolean() };
// What the types forbid is just what a changed page tells.
const anyEvent = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('message'), message: anyMessage }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('reaction'), ...about, reaction: anyReaction }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('poll'), ...about, poll: anyPoll }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('edit'), ...about, text: anyText }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('revoke'), ...about }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('delivery'), ...about, delivery: anyText, failure: anyText }) },
) as unknown as fc.Arbitrary<InboundEvent>;

function nameOf({ message }: Extract<EngineEvent, { type: 'message' }>): string {
  return `${message.peer} ${message.fromMe ? 'out' : 'in'} ${safeStanzaId(message.stanzaId)}`;
}

it('shows every message that the engine tells, whatever it tells of it', { timeout: 180_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyEvent, { minLength: 1, maxLength: 12 }),
      fc.record({ name: anyText, phone: fc.oneof(anyText, fc.constant(undefined)) }),
      async (events, described) => {
        const { tenant, api } = await fixture.newUser();
        const engine = {
          describePeer: (id: string) => Promise.resolve({ waIds: [id], ...described, isGroup: id.endsWith('@g.us') }),
          noteStored: ignore,
        } as unknown as EngineSession;
        const { signal } = new AbortController();
        const inbound = createInbound({ tenant, log: quiet, signal, caughtUpAt: new Date() });
        for (const event of events) inbound.handle(event, engine);
        await inbound.drain(15_000);

        const told = new Set(events.flatMap((event) => (event.type === 'message' ? [nameOf(event)] : [])));
        const { items } = await api.request('/api/chats?limit=100', { answer: chatsResponseSchema });
        let shown = 0;
        for (const { id } of items) {
          const path = `/api/chats/${id}/messages?limit=100`;
          shown += (await api.request(path, { answer: messagesResponseSchema })).items.length;
        }
        expect(shown).toBe(told.size);
      },
    ),
    { numRuns: 25, endOnFailure: true },
  );
});

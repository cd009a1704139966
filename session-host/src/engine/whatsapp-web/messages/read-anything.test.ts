import { maxMessageLength, messageContentSchema, messageKindSchema } from '@top-active/core/contracts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageTypes } from './message-types.ts';
import { readMessage } from './read-message.ts';
import { readLiveReaction } from './read-reactions.ts';
import { readVCards } from './read-vcards.ts';

const peers = ['5511988887777@c.us', '99887766554433@lid', '120363@g.us', 'status@broadcast', '5511@broadcast', 'x'];

/** Mostly what belongs there, sometimes whatever. */
function mostly<T>(right: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 4, arbitrary: right }, { weight: 1, arbitrary: fc.anything() });
}

const words = fc.string({ unit: 'binary', maxLength: 400 });
const wid = fc.oneof(
  fc.constantFrom(...peers),
  fc.record({ user: mostly(fc.stringMatching(/^\d{1,15}$/)), server: mostly(fc.constantFrom('c.us', 'lid', 'g.us')) }),
);
const key = fc.record(
  {
    fromMe: mostly(fc.boolean()),
    remote: mostly(wid),
    id: mostly(fc.stringMatching(/^[0-9A-F]{4,32}$/)),
    participant: mostly(wid),
    $1: mostly(words),
  },
  { requiredKeys: [] },
);
const time = fc.oneof(fc.integer({ min: 1_600_000_000, max: 1_900_000_000 }), fc.double());
const reaction = fc.record({
  emoji: words,
  senderId: mostly(wid),
  senderName: mostly(words),
  fromMe: fc.boolean(),
  at: fc.double(),
});
const card = fc.record({
  displayName: mostly(words),
  vcard: mostly(words.map((line) => `BEGIN:VCARD\nFN:${line}\nTEL:${line}`)),
});

const raw = fc.record(
  {
    id: mostly(key),
    type: mostly(fc.constantFrom(...Object.keys(messageTypes), 'hologram')),
    subtype: mostly(fc.constantFrom('view_once_unavailable_fanout', 'miss_video')),
    from: mostly(wid),
    to: mostly(wid),
    author: mostly(wid),
    notifyName: mostly(words),
    t: mostly(time),
    ack: mostly(fc.integer({ min: -6, max: 5 })),
    body: mostly(words),
    caption: mostly(words),
    protocolMessageKey: mostly(key),
    latestEditMsgKey: mostly(key),
    quotedMsg: mostly(fc.record({ type: mostly(fc.constantFrom(...Object.keys(messageTypes))), body: mostly(words) })),
    quotedStanzaID: mostly(words),
    quotedParticipant: mostly(wid),
    lat: mostly(fc.double()),
    lng: mostly(fc.double()),
    loc: mostly(words),
    isLive: mostly(fc.boolean()),
    vcardList: mostly(fc.array(card)),
    pollName: mostly(words),
    pollOptions: mostly(fc.array(fc.record({ name: mostly(words), localId: mostly(fc.nat()) }), { maxLength: 150 })),
    pollSelectableOptionsCount: mostly(fc.nat()),
    filename: mostly(words),
    mimetype: mostly(words),
    size: mostly(fc.double()),
    duration: mostly(fc.oneof(fc.double(), words)),
    callOutcome: mostly(fc.constantFrom('Missed', 'Completed', 1)),
    callDuration: mostly(fc.double()),
    isViewOnce: mostly(fc.boolean()),
    viewMode: mostly(fc.constantFrom('VISIBLE', 'SCHEDULED_MESSAGE')),
    scheduledTimestampS: mostly(fc.double()),
    topActive: mostly(
      fc.record({
        sender: mostly(fc.record({ name: mostly(words), phone: mostly(wid) })),
        quoted: mostly(fc.record({ fromMe: mostly(fc.boolean()), name: mostly(words), text: mostly(words) })),
        reactions: mostly(fc.array(mostly(reaction))),
        votes: mostly(fc.array(fc.record({ voter: mostly(wid), options: mostly(fc.array(fc.nat())) }))),
      }),
    ),
  },
  { requiredKeys: ['id'] },
);

/** What everything that is stored has to be like. */
function expectStorable(data: unknown): 'message' | 'ignored' | 'unreadable' {
  const read = readMessage(data, { arrivedAt: 1_790_000_000 });
  if (read.kind !== 'message') return read.kind;
  const { peer, stanzaId, kind, text, sentAt, content = {}, pushname = '' } = read.message;
  expect(peer).toMatch(/^[^@\s]{1,64}@(?:c\.us|lid|g\.us)$/);
  expect(stanzaId.length).toBeGreaterThan(0);
  expect(messageKindSchema.safeParse(kind).success).toBe(true);
  expect(Number.isSafeInteger(sentAt) && sentAt > 0).toBe(true);
  expect(text.length).toBeLessThanOrEqual(maxMessageLength);
  expect(messageContentSchema.safeParse(content).error).toBeUndefined();
  const written = JSON.stringify([text, pushname, content]);
  // A half character is written as an escape.
  expect(written).not.toMatch(/\\ud[89a-f]/);
  expect(JSON.stringify(content).length).toBeLessThan(200_000);
  return read.kind;
}

describe('reading what the page has', () => {
  it('never fails on anything', () => {
    fc.assert(
      fc.property(
        fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true }),
        (data) => void expectStorable(data),
      ),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.anything(), (told) => void readLiveReaction(told)));
  });

  it('gives a message that can be stored, whatever is wrong with its data', () => {
    const outcomes = new Map<string, number>();
    fc.assert(
      fc.property(raw, (data) => {
        const outcome = expectStorable(data);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }),
      { numRuns: 1_500 },
    );
    // Each of the three was met often enough to mean something.
    for (const outcome of ['message', 'ignored', 'unreadable']) expect(outcomes.get(outcome)).toBeGreaterThan(50);
  });

  it('gives a message for everything with a chat, a stanza id and a direction, but for what is none', () => {
    const named = { fromMe: true, remote: '5511988887777@c.us', id: '3A01' };
    fc.assert(
      fc.property(raw, fc.string(), (data, type) => {
        const kinds =
          Object.hasOwn(messageTypes, type) || type.startsWith('poll_add_option_')
            ? ['ignored', 'message']
            : ['message'];
        expect(kinds).toContain(readMessage({ ...data, id: named, type, isStatusV3: false }).kind);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps within limits, however much there is', () => {
    const many = Array.from({ length: 100_000 }, (_, i) => ({ name: 'x'.repeat(2_000), localId: i }));
    const id = { fromMe: false, remote: '5511988887777@c.us', id: '3A01' };
    expect(expectStorable({ id, type: 'poll_creation', pollName: 'y'.repeat(1e6), pollOptions: many })).toBe('message');
    const vcard = `BEGIN:VCARD\n${'TEL:1234567890\n'.repeat(50_000)}`;
    expect(readVCards(Array.from({ length: 1_000 }, () => ({ displayName: 'z'.repeat(10_000), vcard })))).toHaveLength(
      50,
    );
    expect(
      expectStorable({ id, type: 'chat', quotedStanzaID: 'A', quotedMsg: { type: 'chat', body: 'q'.repeat(1e6) } }),
    ).toBe('message');
  });
});

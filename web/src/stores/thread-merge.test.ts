import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aMessage, anOutgoing } from '../testing/factories.ts';
import {
  cursorBefore,
  mergeMessages,
  mergeNewestPage,
  openDrafts,
  spanOf,
  unsentOf,
  type Draft,
} from './thread-merge.ts';

const aDraft = (parts: Partial<Draft> = {}): Draft => ({
  key: 'k1',
  text: 'Oi',
  createdAt: '2026-11-23T15:00:00.000Z',
  state: 'posting',
  ...parts,
});

/** Of an answer that speaks of its own messages alone. */
const nothing = { above: '~', below: '' };

const idOf = (n: number | undefined) => (n === undefined ? undefined : aMessage(n).id);

const page = (...ns: number[]) => ({
  items: ns.map((n) => aMessage(n)),
  before: aMessage(ns[0] ?? 0).id,
  outgoing: [],
});

describe('mergeMessages', () => {
  it('holds each message once, by id, whatever pages come in whatever order', () => {
    const batches = fc.array(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 20 }), { maxLength: 12 });
    fc.assert(
      fc.property(batches, (pages) => {
        const merged = pages.reduce(
          (known, batch) =>
            mergeMessages(
              known,
              batch.map((n) => aMessage(n)),
              nothing,
            ),
          mergeMessages([], [], nothing),
        );
        const expected = [...new Set(pages.flat())].toSorted((a, b) => a - b).map((n) => aMessage(n).id);
        expect(merged.map(({ id }) => id)).toEqual(expected);
      }),
    );
  });

  it('believes the newer knowledge of a message', () => {
    const [message] = mergeMessages([aMessage(1, { delivery: 'sent' })], [aMessage(1, { delivery: 'read' })], nothing);
    expect(message?.delivery).toBe('read');
  });

  it('lets go of what an answer shows no more, and of nothing beyond what it shows', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 40 });
    const end = fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined });
    fc.assert(
      fc.property(numbers, numbers, end, end, (known, stored, above, below) => {
        const isShown = (n: number) => (above === undefined || n > above) && (below === undefined || n < below);
        const shown = stored.filter(isShown);
        const merged = mergeMessages(
          known.toSorted((a, b) => a - b).map((n) => aMessage(n)),
          shown.map((n) => aMessage(n)),
          { above: idOf(above), below: idOf(below) },
        );
        const expected = [...known.filter((n) => !isShown(n)), ...shown].toSorted((a, b) => a - b);
        expect(merged.map(({ id }) => id)).toEqual(expected.map((n) => aMessage(n).id));
      }),
    );
  });
});

describe('mergeNewestPage', () => {
  it('joins a page that reaches down to what is known', () => {
    const { messages, kept } = mergeNewestPage([aMessage(1), aMessage(2)], page(2, 3));
    expect(kept).toBe(true);
    expect(messages).toHaveLength(3);
  });

  it('lets go of what is known when there would be a hole', () => {
    const { messages, kept } = mergeNewestPage([aMessage(1), aMessage(2)], page(8, 9));
    expect(kept).toBe(false);
    expect(messages.map(({ id }) => id)).toEqual([aMessage(8).id, aMessage(9).id]);
  });
});

describe('spanOf', () => {
  it.each([
    ['the newest page', {}, { before: 'c' }, { above: 'c', below: undefined }],
    ['the newest page down to the beginning', {}, {}, { above: undefined, below: undefined }],
    ['an older page', { before: 'k' }, { before: 'c', after: 'j' }, { above: 'c', below: 'k' }],
    ['a newer page', { after: 'c' }, { before: 'd', after: 'j' }, { above: 'c', below: 'j' }],
    ['a newer page up to the end', { after: 'c' }, { before: 'd' }, { above: 'c', below: undefined }],
  ])('knows what %s shows whole', (_name, query, answer, span) => {
    expect(spanOf(query, answer)).toEqual(span);
  });
});

describe('cursorBefore', () => {
  it('lies below every message of its own stamp and above all of earlier ones', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9_999_999_999_999 }),
        fc.stringMatching(/^[A-Za-z0-9]{1,64}$/),
        (stamp, stanza) => {
          const id = `${String(stamp).padStart(13, '0')}-${stanza}`;
          const earlier = `${String(stamp - 1).padStart(13, '0')}-${stanza}`;
          expect(cursorBefore(id) < id).toBe(true);
          expect(cursorBefore(id) >= earlier).toBe(true);
          expect(cursorBefore(id)).toMatch(/^\d{13}-[A-Za-z0-9]{1,64}$/);
        },
      ),
    );
  });
});

describe('unsentOf', () => {
  const none = new Set<string>();

  it('shows a command and the draft that it came from as one, under the same key', () => {
    const command = anOutgoing();
    const thread = { messages: [], outgoing: [command], drafts: [aDraft({ state: 'posted', commandId: command.id })] };
    expect(unsentOf(thread, none)).toMatchObject([{ key: 'k1', state: 'waiting', commandId: command.id }]);
  });

  it('shows nothing for what has become a message', () => {
    const command = anOutgoing();
    const thread = {
      messages: [aMessage(1, { commandId: command.id })],
      outgoing: [command],
      drafts: [aDraft({ state: 'posted', commandId: command.id })],
    };
    expect(unsentOf(thread, none)).toEqual([]);
  });

  it('says that what was for somebody who is in another chat by now was not sent', () => {
    const outgoing = ['recipient_left', 'refused'].map((failure) => anOutgoing({ state: 'FAILED', failure }));
    const states = unsentOf({ messages: [], outgoing, drafts: [] }, none).map(({ state }) => state);
    expect(states.toSorted()).toEqual(['astray', 'failed']);
  });

  it('knows why WhatsApp refused it, where a host has said so in a word that it knows', () => {
    const outgoing = [
      anOutgoing({ state: 'FAILED', failure: 'blocked_by_owner' }),
      anOutgoing({ state: 'FAILED', failure: 'engine_error' }),
      anOutgoing({ state: 'UNKNOWN', failure: 'refused' }),
    ];
    const failures = unsentOf({ messages: [], outgoing, drafts: [] }, none).map(({ failure }) => failure);
    expect(failures.filter((failure) => failure !== undefined)).toEqual(['blocked_by_owner']);
  });

  it('hides what the person has dealt with', () => {
    const command = anOutgoing({ state: 'FAILED' });
    expect(unsentOf({ messages: [], outgoing: [command], drafts: [] }, new Set([command.id]))).toEqual([]);
  });
});

describe('openDrafts', () => {
  it('keeps a draft that the server has not listed yet, since its answer may be older', () => {
    expect(openDrafts([aDraft({ commandId: 'c1' })], { messages: [], outgoing: [] })).toHaveLength(1);
  });

  it('lets a draft go once the server listed it and does so no more', () => {
    const command = anOutgoing();
    const listed = openDrafts([aDraft({ commandId: command.id })], { messages: [], outgoing: [command] });
    expect(openDrafts(listed, { messages: [], outgoing: [] })).toEqual([]);
  });
});

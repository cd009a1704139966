import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare, decide, receptionOf } from './compare.ts';
import {
  beginComparison,
  defaultCompareLimits as limits,
  type Act,
  type Arrival,
  type CompareEvent,
  type Comparison,
} from './comparison.ts';
import { newsOf, startOf, type ChatSeen, type Search } from './newer-chats.ts';

const peer = '5511988887777@c.us';

/** A chat that has more than is known, `t` by the list of chats. */
function chat(t: number, change: Partial<ChatSeen> = {}): ChatSeen {
  return { peer, t, known: 1_800_000_000, unread: 1, more: 0, ...change };
}

function arrival(stanzaId: string, change: Partial<Arrival> = {}): Arrival {
  return { peer, stanzaId, fromMe: false, t: 1_800_000_000, type: 'chat', ...change };
}

/** A session that looks every five seconds, as a host's does. */
function createRun() {
  let known: Comparison = beginComparison(0);
  let now = 0;
  const acts: (Act & { at: number })[] = [];
  return {
    acts,
    get now() {
      return now;
    },
    get reception() {
      return receptionOf(known);
    },
    happens(event: CompareEvent extends infer E ? (E extends { at: number } ? Omit<E, 'at'> : never) : never) {
      known = compare(known, { ...event, at: now });
    },
    pass(ms: number, answer: (act: Act) => void = () => undefined) {
      for (const end = now + ms; now < end;) {
        now = Math.min(end, now + 5_000);
        const decided = decide(known, now, limits);
        known = decided.next;
        for (const act of decided.acts) {
          acts.push({ ...act, at: now });
          answer(act);
        }
      }
    },
  };
}

type Run = ReturnType<typeof createRun>;

function delivers(run: Run, damaged = false) {
  return (act: Act) => {
    if (act.type !== 'deliver') return;
    for (const message of act.messages) {
      run.happens({ type: 'delivered', message, damaged });
      run.happens({ type: 'stored', message });
    }
  };
}

function comesThrough(run: Run, stanzaId: string): void {
  const message = arrival(stanzaId);
  run.happens({ type: 'arrived', arrivals: [message] });
  run.happens({ type: 'told', message });
  run.happens({ type: 'stored', message });
}

describe('what comes through', () => {
  it('is nothing to act on, however long nothing comes', () => {
    const run = createRun();
    comesThrough(run, 'A');
    run.pass(24 * 3_600_000);
    expect(run.acts).toEqual([]);
    expect(run.reception).toBe('ok');
  });

  it('deaf: a message that the library never tells of is told within half a minute, once', () => {
    const run = createRun();
    run.happens({ type: 'arrived', arrivals: [arrival('A')] });
    run.pass(19_000);
    expect(run.acts).toEqual([]);
    run.pass(300_000, delivers(run));
    expect(run.acts).toEqual([{ type: 'deliver', why: 'deaf', messages: [arrival('A')], at: 24_000 }]);
    expect(run.reception).toBe('late');
  });

  it('comes by itself again after three messages that did', () => {
    const run = createRun();
    run.happens({ type: 'arrived', arrivals: [arrival('A')] });
    run.pass(30_000, delivers(run));
    for (const stanzaId of ['B', 'C']) comesThrough(run, stanzaId);
    expect(run.reception).toBe('late');
    comesThrough(run, 'D');
    expect(run.reception).toBe('ok');
  });

  it('unreadable: what was told without an id is told at once, and shown as damaged where it can be no more', () => {
    const run = createRun();
    run.happens({ type: 'unreadable' });
    run.happens({ type: 'arrived', arrivals: [arrival('A')] });
    run.pass(5_000, delivers(run, true));
    expect(run.acts).toMatchObject([{ type: 'deliver', why: 'unreadable', at: 5_000 }]);
    expect(run.reception).toBe('unreadable');
  });

  it('unstored: what the store passed over is told again, and thrice in vain is failing', () => {
    const run = createRun();
    run.happens({ type: 'told', message: arrival('A') });
    run.pass(5_000);
    comesThrough(run, 'B');
    run.pass(600_000);
    expect(run.acts.map(({ type, at }) => [type, at])).toEqual([
      ['deliver', 60_000],
      ['deliver', 120_000],
      ['deliver', 180_000],
    ]);
    expect(run.reception).toBe('failing');
    for (const stanzaId of ['C', 'D', 'E']) comesThrough(run, stanzaId);
    expect(run.reception).toBe('failing');
    run.happens({ type: 'stored', message: arrival('A') });
    for (const stanzaId of ['F']) comesThrough(run, stanzaId);
    expect(run.reception).toBe('ok');
  });

  it('unstored: waits for a store that is at work on the chats before', () => {
    const run = createRun();
    run.happens({ type: 'told', message: arrival('A') });
    for (let i = 0; i < 8; i++) {
      run.pass(50_000);
      run.happens({ type: 'told', message: arrival(`other ${i}`, { peer: '1@c.us' }) });
      run.happens({ type: 'stored', message: arrival(`other ${i}`) });
    }
    expect(run.acts).toEqual([]);
  });

  it('silent: a chat that is newer than what was told of it is looked into, and only then is it known', () => {
    const run = createRun();
    run.happens({ type: 'newer-chats', chats: [chat(1_800_000_100)] });
    run.pass(15_000);
    expect(run.acts).toEqual([]);
    run.pass(10_000, (act) => {
      if (act.type === 'look-into') run.happens({ type: 'looked-into', peer, found: 0 });
    });
    expect(run.acts).toMatchObject([{ type: 'look-into', search: { peer, isNewer: true } }]);
    expect(run.reception).toBe('ok');
  });

  it('silent: the page is to be begun anew when it was silent twice, a minute apart, and once only', () => {
    const run = createRun();
    const found = (act: Act) => {
      if (act.type === 'look-into') run.happens({ type: 'looked-into', peer, found: 1 });
    };
    for (let i = 1; i <= 6; i++) {
      run.happens({ type: 'newer-chats', chats: [chat(1_800_000_000 + i)] });
      run.pass(40_000, found);
    }
    expect(run.acts.filter(({ type }) => type === 'look-into')).toHaveLength(6);
    expect(run.acts.filter(({ type }) => type === 'restart')).toHaveLength(1);
    expect(run.reception).toBe('late');
  });

  it('silent: gives up a chat that can’t be looked into, and says that something is missing', () => {
    const run = createRun();
    run.happens({ type: 'newer-chats', chats: [chat(1_800_000_100)] });
    run.pass(3_600_000, (act) => {
      if (act.type === 'look-into') run.happens({ type: 'look-failed', peer });
    });
    expect(run.acts).toHaveLength(4);
    expect(run.reception).toBe('failing');
  });

  it('silent: is no matter of a chat whose newest message was told', () => {
    const run = createRun();
    comesThrough(run, 'A');
    run.happens({ type: 'newer-chats', chats: [chat(1_800_000_000)] });
    run.pass(60_000);
    expect(run.acts).toMatchObject([{ type: 'settle', peer, t: 1_800_000_000 }]);
  });
});

describe('a chat of which WhatsApp counts more unread', () => {
  const second = 1_800_000_000;

  function lookInto(run: Run): Search | undefined {
    return run.acts.flatMap((act) => (act.type === 'look-into' ? [act.search] : []))[0];
  }

  it('is not looked into when as many were told, and counts anew from there', () => {
    const run = createRun();
    for (const stanzaId of ['A', 'B']) comesThrough(run, stanzaId);
    run.happens({ type: 'known-so-far' });
    run.pass(5_000);
    for (const stanzaId of ['C', 'D']) comesThrough(run, stanzaId);
    run.pass(5_000);
    run.happens({ type: 'newer-chats', chats: [chat(second, { unread: 4, more: 2 })] });
    run.pass(60_000);
    expect(run.acts).toMatchObject([{ type: 'settle', unread: 4 }]);
    // Those that were counted are not counted again.
    run.happens({ type: 'newer-chats', chats: [chat(second, { unread: 5, more: 1 })] });
    run.pass(60_000);
    expect(lookInto(run)).toMatchObject({ missing: 1 });
  });

  it('is looked into for as many as are missing, though a later one was told, and though none is newer', () => {
    const run = createRun();
    run.happens({ type: 'known-so-far' });
    run.pass(5_000);
    comesThrough(run, 'LATER');
    run.happens({ type: 'newer-chats', chats: [chat(second, { unread: 2, more: 2 })] });
    run.pass(60_000, (act) => {
      if (act.type === 'look-into') run.happens({ type: 'looked-into', peer, found: 1 });
    });
    const search = lookInto(run);
    expect(search).toMatchObject({ isNewer: false, missing: 1 });
    if (!search) return;
    const messages = [
      { stanzaId: 'LONG BEFORE', sentAt: second - 100, fromMe: false },
      { stanzaId: 'SILENT', sentAt: second, fromMe: false },
      { stanzaId: 'LATER', sentAt: second, fromMe: false },
      { stanzaId: 'OWN', sentAt: second, fromMe: true },
    ];
    expect(startOf(search)).toBe(second);
    const news = newsOf(messages, search, ({ stanzaId }) => stanzaId === 'LATER');
    expect(news.map(({ stanzaId }) => stanzaId)).toEqual(['SILENT']);
    expect(run.reception).toBe('late');
  });

  it('has nothing of the time before it was known taken for news', () => {
    const run = createRun();
    run.happens({ type: 'newer-chats', chats: [chat(second, { unread: 1, more: 1 })] });
    run.pass(25_000);
    const search = lookInto(run);
    expect(search && startOf(search)).toBe(second + 1);
    expect(search && newsOf([{ sentAt: second, fromMe: false }], search, () => false)).toEqual([]);
  });

  it('is left alone once it was read', () => {
    const run = createRun();
    run.happens({ type: 'newer-chats', chats: [chat(second, { unread: 1, more: 1 })] });
    run.pass(5_000);
    run.happens({ type: 'newer-chats', chats: [chat(second, { unread: 0, more: 0 })] });
    run.pass(60_000);
    expect(run.acts).toMatchObject([{ type: 'settle', unread: 0 }]);
  });
});

describe('any passage of messages', () => {
  const passage = fc.record({
    id: fc.uuid(),
    gap: fc.integer({ min: 0, max: 40_000 }),
    toldAfter: fc.option(fc.integer({ min: 0, max: 18_000 }), { nil: undefined, freq: 3 }),
    storedAfter: fc.integer({ min: 0, max: 30_000 }),
  });

  it('ends with each message told exactly once, by the library or in its place, and nothing is done for those that it told', () => {
    fc.assert(
      fc.property(fc.array(passage, { maxLength: 40 }), (passages) => {
        const run = createRun();
        const due: { at: number; happens: () => void }[] = [];
        let at = 0;
        for (const { id, gap, toldAfter, storedAfter } of passages) {
          at += gap;
          const message = arrival(id);
          const happens = (after: number, event: Parameters<Run['happens']>[0]) =>
            due.push({ at: at + after, happens: () => run.happens(event) });
          happens(0, { type: 'arrived', arrivals: [message] });
          if (toldAfter === undefined) continue;
          happens(toldAfter, { type: 'told', message });
          happens(toldAfter + storedAfter, { type: 'stored', message });
        }
        for (const { at: when, happens } of due.toSorted((a, b) => a.at - b.at)) {
          run.pass(when - run.now, delivers(run));
          happens();
        }
        run.pass(60_000, delivers(run));
        const delivered = run.acts.flatMap((act) =>
          act.type === 'deliver' ? act.messages.map(({ stanzaId }) => stanzaId) : [],
        );
        const untold = passages.filter(({ toldAfter }) => toldAfter === undefined).map(({ id }) => id);
        expect(delivered.toSorted()).toEqual(untold.toSorted());
      }),
    );
  });
});

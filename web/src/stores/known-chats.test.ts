import type { Chat } from '@top-active/core/contracts';
import { describe, expect, it } from 'vitest';
import { aChat, chatId } from '../testing/factories.ts';
import { createKnownChats } from './known-chats.ts';

function openBook(chat: Chat) {
  const shown = new Map<string, Chat>();
  const known = createKnownChats((each) => shown.set(each.id, each));
  known.beginRead()([chat]);
  return { known, now: () => shown.get(chatId) };
}

/** A request whose answer comes when the test says so. */
function aRequest() {
  const { promise, resolve, reject } = Promise.withResolvers<Chat>();
  let sent = false;
  const send = () => {
    sent = true;
    return promise;
  };
  return { send, answer: resolve, refuse: reject, isSent: () => sent };
}

/** Lets everything happen that waits for nothing outside. */
const settle = () => new Promise((resolve) => setTimeout(resolve));

const off = aChat({ assistantMode: 'off', unread: 2 });

describe('known chats', () => {
  it('show a second change on while the first, made without it, is answered', async () => {
    const { known, now } = openBook(off);
    const [read, mode] = [aRequest(), aRequest()];
    const both = [
      known.change(chatId, { unread: 0 }, read.send),
      known.change(chatId, { assistantMode: 'suggest' }, mode.send),
    ];
    await settle();
    expect([read.isSent(), mode.isSent()]).toEqual([true, false]);
    read.answer({ ...off, unread: 0 });
    await settle();
    expect(mode.isSent()).toBe(true);
    expect(now()).toMatchObject({ unread: 0, assistantMode: 'suggest' });
    mode.answer({ ...off, unread: 0, assistantMode: 'suggest' });
    await Promise.all(both);
    expect(now()).toMatchObject({ unread: 0, assistantMode: 'suggest' });
  });

  it('keep a change on top of what was read before it was answered, and ask for the rest again', async () => {
    const { known, now } = openBook(off);
    const takeDuring = known.beginRead();
    const takeAfter = known.beginRead();
    const mode = aRequest();
    const changing = known.change(chatId, { assistantMode: 'suggest' }, mode.send);
    expect(takeDuring([{ ...off, unread: 3 }])).toEqual([]);
    expect(now()).toMatchObject({ unread: 3, assistantMode: 'suggest' });
    mode.answer({ ...off, unread: 3, assistantMode: 'suggest' });
    await changing;
    expect(takeAfter([off])).toEqual([chatId]);
    expect(now()).toMatchObject({ unread: 3, assistantMode: 'suggest' });
    expect(known.beginRead()([{ ...off, unread: 4, assistantMode: 'suggest' }])).toEqual([]);
    expect(now()?.unread).toBe(4);
  });

  it('take back what the server refuses, that and no more, and send the next one all the same', async () => {
    const { known, now } = openBook(off);
    const [mode, read] = [aRequest(), aRequest()];
    const refused = known.change(chatId, { assistantMode: 'suggest' }, mode.send);
    const reading = known.change(chatId, { unread: 0 }, read.send);
    known.beginRead()([{ ...off, unread: 5 }]);
    mode.refuse(new Error('No'));
    await expect(refused).rejects.toThrow('No');
    expect(now()).toMatchObject({ unread: 0, assistantMode: 'off' });
    await settle();
    read.answer({ ...off, unread: 0 });
    await reading;
    expect(now()).toMatchObject({ unread: 0, assistantMode: 'off' });
  });
});

import { describe, expect, it } from 'vitest';
import { createAccess } from '../api/access.ts';
import { createApi } from '../api/api.ts';
import { createHttp } from '../api/http.ts';
import { createFakeApi } from '../testing/fake-api.ts';
import { aMessage, chatId } from '../testing/factories.ts';
import { emptyThread, readAgain, readNewest, readOlder, readTouched } from './thread-sync.ts';

function aLongThread(length: number) {
  const fake = createFakeApi({ messages: Array.from({ length }, (_, i) => aMessage(i + 1)) });
  const send = createHttp({ fetch: fake.fetch });
  const api = createApi({ send, access: createAccess({ send }) });
  const thread = emptyThread(chatId);
  const texts = () => thread.messages.map(({ text }) => text);
  const reads = () => fake.calls.filter(({ path }) => path.endsWith('/messages'));
  return { fake, api, thread, texts, reads };
}

const named = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `Mensagem ${from + i}`);

describe('a thread', () => {
  it('begins with the newest page and grows upwards to its beginning', async () => {
    const { api, thread, texts } = aLongThread(120);
    await readNewest(api, thread);
    expect(texts()).toEqual(named(71, 120));
    await readOlder(api, thread);
    await readOlder(api, thread);
    expect(texts()).toEqual(named(1, 120));
    expect(thread.before).toBeUndefined();
  });

  it('reads only what is new when messages come', async () => {
    const { fake, api, thread, texts, reads } = aLongThread(60);
    await readNewest(api, thread);
    fake.state.messages.push(aMessage(61), aMessage(62));
    await readTouched(api, thread, new Set([aMessage(61).id, aMessage(62).id]));
    expect(texts().slice(-2)).toEqual(named(61, 62));
    expect(reads().at(-1)?.query.get('after')).toBe(aMessage(60).id);
  });

  it('brings ticks of a message in the middle up to date', async () => {
    const { fake, api, thread } = aLongThread(30);
    await readNewest(api, thread);
    fake.state.messages = fake.state.messages.map((message) =>
      message.id === aMessage(5).id ? { ...message, delivery: 'read' } : message,
    );
    await readTouched(api, thread, new Set([aMessage(5).id]));
    expect(thread.messages.find(({ id }) => id === aMessage(5).id)?.delivery).toBe('read');
    expect(thread.messages).toHaveLength(30);
  });

  it('fits in a message that was found late between known ones', async () => {
    const { fake, api, thread, texts } = aLongThread(0);
    fake.state.messages = [aMessage(1), aMessage(3)];
    await readNewest(api, thread);
    fake.state.messages = [aMessage(1), aMessage(2), aMessage(3)];
    await readTouched(api, thread, new Set([aMessage(2).id]));
    expect(texts()).toEqual(named(1, 3));
  });

  it('lets go of a message that is stored elsewhere from now on', async () => {
    const { fake, api, thread, texts } = aLongThread(30);
    await readNewest(api, thread);
    const sent = aMessage(31, { text: 'Mensagem 12' });
    fake.state.messages = [...fake.state.messages.filter(({ id }) => id !== aMessage(12).id), sent];
    await readTouched(api, thread, new Set([aMessage(12).id, sent.id]));
    expect(texts()).toEqual([...named(1, 11), ...named(13, 30), 'Mensagem 12']);
  });

  it.each([
    ['oldest', 1, named(2, 3)],
    ['newest', 3, named(1, 2)],
  ])('lets go of the %s one', async (_name, gone, left) => {
    const { fake, api, thread, texts } = aLongThread(3);
    await readNewest(api, thread);
    fake.state.messages = fake.state.messages.filter(({ id }) => id !== aMessage(gone).id);
    await readTouched(api, thread, new Set([aMessage(gone).id]));
    expect(texts()).toEqual(left);
  });

  it('lets go of the only one', async () => {
    const { fake, api, thread, texts } = aLongThread(1);
    await readNewest(api, thread);
    fake.state.messages = [];
    await readTouched(api, thread, new Set([aMessage(1).id]));
    expect(texts()).toEqual([]);
  });

  it('finds what is gone and what has changed in all that is loaded, when nobody can tell where', async () => {
    const { fake, api, thread, texts } = aLongThread(120);
    await readNewest(api, thread);
    await readOlder(api, thread);
    fake.state.messages = fake.state.messages
      .filter(({ id }) => id !== aMessage(40).id)
      .map((message) => (message.id === aMessage(41).id ? { ...message, text: 'outra' } : message));
    await readAgain(api, thread);
    expect(texts()).toEqual([...named(21, 39), 'outra', ...named(42, 120)]);
    await readOlder(api, thread);
    expect(texts()).toHaveLength(119);
  });

  it('keeps nothing that is out of date when more changed than it reads at once', async () => {
    const { fake, api, thread, texts } = aLongThread(500);
    await readNewest(api, thread);
    while (thread.before !== undefined) await readOlder(api, thread);
    const changed = [5, 420, 495].map((n) => aMessage(n).id);
    fake.state.messages = fake.state.messages.filter(({ id }) => !changed.includes(id));
    await readTouched(api, thread, new Set(changed));
    expect(texts().filter((text) => ['Mensagem 5', 'Mensagem 420', 'Mensagem 495'].includes(text))).toEqual([]);
    while (thread.before !== undefined) await readOlder(api, thread);
    expect(texts()).toHaveLength(497);
  });

  it('starts over from the newest page when far too much was missed', async () => {
    const { fake, api, thread, texts } = aLongThread(10);
    await readNewest(api, thread);
    fake.state.messages = Array.from({ length: 600 }, (_, i) => aMessage(i + 1));
    await readTouched(api, thread, new Set([aMessage(600).id]));
    expect(texts().at(-1)).toBe('Mensagem 600');
    expect(new Set(texts()).size).toBe(texts().length);
  });
});

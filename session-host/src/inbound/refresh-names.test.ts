import type { ChatRecord, Contact, Tenant } from '@top-active/aws';
import { expect, it } from 'vitest';
import { refreshNames } from './refresh-names.ts';

const chatOf = (id: string, more: Partial<ChatRecord> = {}) =>
  ({ id, name: 'Old', primaryWaId: id, waIds: [id, `${id}-lid`], isGroup: false, ...more }) as ChatRecord;

/** Compares the names of chats, in pages of one, with what the phone calls them. */
async function refresh(
  chats: ChatRecord[],
  { names = {}, stopAt }: { names?: Record<string, string>; stopAt?: string },
) {
  const stop = new AbortController();
  const asked: string[] = [];
  const written: string[] = [];
  const tenant = {
    chats: {
      async page({ cursor }: { cursor?: string }) {
        const place = Number(cursor ?? 0);
        return { items: chats.slice(place, place + 1), next: place + 1 < chats.length ? String(place + 1) : undefined };
      },
      upsertContact: async ({ name }: Contact) => void written.push(`writes ${name}`),
    },
  } as unknown as Tenant;
  await refreshNames({
    tenant,
    async describe(peer) {
      asked.push(peer);
      if (peer === stopAt) stop.abort();
      return { waIds: [peer], name: names[peer] ?? 'Old', isGroup: false };
    },
    inChatOrder(peer, task) {
      written.push(`in order of ${peer}`);
      return task();
    },
    signal: stop.signal,
  });
  return { asked, written };
}

it('takes over a name that has changed, in its place among the messages of the chat', async () => {
  const { asked, written } = await refresh([chatOf('ana'), chatOf('bia')], { names: { bia: 'Bia Lima' } });
  expect(asked).toEqual(['ana', 'bia']);
  expect(written).toEqual(['in order of bia', 'writes Bia Lima']);
});

it('leaves a name where WhatsApp knows none', async () => {
  expect((await refresh([chatOf('ana')], { names: { ana: '' } })).written).toEqual([]);
});

it('asks only for groups and for those of whom the page knows all ids', async () => {
  const alone = chatOf('alone', { waIds: ['alone'] });
  const group = chatOf('group', { waIds: ['group'], isGroup: true });
  const nameless = chatOf('nameless', { primaryWaId: '' });
  expect((await refresh([alone, group, nameless], {})).asked).toEqual(['group']);
});

it('ends with the host', async () => {
  expect((await refresh([chatOf('ana'), chatOf('bia')], { stopAt: 'ana' })).asked).toEqual(['ana']);
});

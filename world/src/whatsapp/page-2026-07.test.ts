import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { customer, customerId, linkOwner, owner, soon, type LinkedOwner } from './test-support/linked-owner.ts';

/** The page since July 2026, and what the unmodified library makes of it. */

const ownId = `${owner}@c.us`;

let linked: LinkedOwner;

beforeAll(async () => {
  linked = await linkOwner({ page: { build: '2026-07' } });
}, 60_000);

afterAll(() => linked.close());

async function inPage<T>(schema: z.ZodType<T>, script: string): Promise<T> {
  return schema.parse(await linked.session.client.pupPage?.evaluate(script));
}

const keySchema = z.object({ names: z.array(z.string()), text: z.string(), json: z.string() });

/** The key of the newest message in a chat. */
function newestKey(chat: string) {
  return inPage(
    keySchema,
    `(() => {
      const { id } = window.require('WAWebCollections').Chat.get(${JSON.stringify(chat)}).msgs.last();
      return { names: Object.keys(id), text: String(id), json: JSON.stringify(id) };
    })()`,
  );
}

describe('a message key', () => {
  it('has its text as a property of its own under the name that the settings tell', async () => {
    const { id } = linked.world.send({ from: customer, to: owner, text: 'chave' });
    const text = `false_${customerId}_${id}`;
    await vi.waitFor(async () => expect((await newestKey(customerId)).text).toBe(text), soon);
    const key = await newestKey(customerId);
    expect(key.names).toEqual(['fromMe', 'remote', 'id', '$1']);
    expect(JSON.parse(key.json)).toEqual({ fromMe: false, remote: customerId, id, $1: text });
  });

  it('says in the chat with oneself which of the two one was', async () => {
    const { id } = linked.world.send({ from: owner, to: owner, text: 'nota' });
    await vi.waitFor(async () => expect((await newestKey(ownId)).text).toBe(`true_${ownId}_${id}_out`), soon);
    expect((await newestKey(ownId)).names).toEqual(['fromMe', 'remote', 'id', 'self', '$1']);
  });

  it('is made of either shape, never of both or neither', async () => {
    const made = await inPage(
      z.array(z.string()),
      `(() => {
        const Key = window.require('WAWebMsgKey');
        const { createWid } = window.require('WAWebWidFactory');
        const [me, peer] = [createWid(${JSON.stringify(ownId)}), createWid(${JSON.stringify(customerId)})];
        const text = (parts) => { try { return String(new Key(parts)); } catch (error) { return 'throws'; } };
        return [
          text({ from: me, to: peer, id: 'A', selfDir: 'in' }),
          text({ from: peer, to: me, id: 'B', selfDir: 'out' }),
          text({ fromMe: true, remote: peer, id: 'C' }),
          text({ from: me, to: me, id: 'D', selfDir: 'in' }),
          text({ id: 'E' }),
          text({ from: me, to: peer, fromMe: true, remote: peer, id: 'F' }),
          text({ fromMe: true, remote: String(peer), id: 'G' }),
        ];
      })()`,
    );
    expect(made).toEqual([
      `true_${customerId}_A`,
      `false_${customerId}_B`,
      `true_${customerId}_C`,
      `true_${ownId}_D_in`,
      'throws',
      'throws',
      'throws',
    ]);
  });
});

describe('the unmodified library', () => {
  it('gets what arrives without an id', async () => {
    const message = await linked.ask('sem id');
    expect(message.id).toMatchObject({ fromMe: false, remote: customerId });
    expect(message.id).not.toHaveProperty('_serialized');
  });

  it('hands over what is sent, and says nothing of it', async () => {
    expect(await linked.session.client.sendMessage(customerId, 'entregue')).toBeUndefined();
    await vi.waitFor(() => expect(linked.receivedByCustomer('entregue')).toHaveLength(1), soon);
  });

  it('cannot list the chats', async () => {
    await expect(linked.session.client.getChats()).rejects.toThrow('No key or key range specified.');
  });
});

describe('another page', () => {
  it('is met by the next document', async () => {
    const version = () => inPage(z.string(), 'window.Debug.VERSION');
    const before = await version();
    linked.world.setPage({ build: '2026-04' });
    expect(await version()).toBe(before);
    const start = linked.session.log.length;
    linked.world.act(owner, { action: 'reload' });
    await vi.waitFor(async () => expect(await version()).not.toBe(before), soon);
    await vi.waitFor(async () => {
      expect((await newestKey(customerId)).names).toContain('_serialized');
    }, soon);
    // The library puts itself into the new document in its own time.
    await vi.waitFor(() => expect(linked.session.log.slice(start)).toContain('ready'), soon);
  });
});

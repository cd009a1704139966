import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { PageChanges } from '@top-active/world/whatsapp';
import { ana, bruno, owner, startHostFixture, type HostFixture } from '../support/session-host-fixture.ts';

/**
 * WhatsApp's page changes under a linked account, first between two documents of a browser, then between two lives of
 * the host.
 */
describe('session host: a page that changes under way', { timeout: 120_000 }, () => {
  let fixture: HostFixture;
  afterEach(() => fixture.close());

  /** In which states the link was since the line `from` of the log. */
  function statesSince(from: number): Set<string> {
    const changes = fixture.logs.slice(from).filter((line) => line.includes('Link state changed'));
    return new Set(changes.map((line) => /"to":"(\w+)"/.exec(line)?.[1] ?? line));
  }

  async function orderReply(text: string): Promise<string> {
    const chatId = (await fixture.tenant.chats.resolvePeer([`${ana}@c.us`])) ?? '';
    const { id } = await fixture.tenant.commands.create({
      command: { kind: 'message.send', chatId, text, author: 'owner' },
    });
    return id;
  }

  async function isSent(id: string): Promise<void> {
    await expect.poll(async () => (await fixture.tenant.commands.get(id))?.state, { timeout: 30_000 }).toBe('SENT');
  }

  it.each<[PageChanges['build'], PageChanges['build']]>([
    ['2026-07', '2026-09'],
    ['2026-04', '2026-09'],
  ])('stays linked from %s to %s, stores each message once, and sends', async (before, after) => {
    fixture = await startHostFixture({ page: { build: before } });
    await fixture.link();
    const from = fixture.logs.length;
    const sent = (author: string) => (text: string) => `${author}: ${text}`;
    const expected: string[] = [];
    const receive = (text: string) => {
      fixture.world.send({ from: ana, to: owner, text });
      expected.push(sent('customer')(text));
    };
    const isStored = () => expect.poll(() => fixture.conversation(ana), { timeout: 30_000 }).toEqual(expected);
    const reply = async (text: string) => {
      await isSent(await orderReply(text));
      expected.push(sent('owner')(text));
      await isStored();
    };

    receive('antes');
    await isStored();
    await reply('resposta de antes');

    fixture.world.setPage({ build: after });
    fixture.world.act(owner, { action: 'reload' });
    for (let number = 1; number <= 20; number++) {
      receive(`durante a recarga ${number}`);
      // Somebody who never wrote before.
      if (number <= 5) fixture.world.send({ from: bruno, to: owner, text: `novo ${number}` });
      await delay(100);
    }
    await isStored();
    const fromNew = Array.from({ length: 5 }, (_, index) => `customer: novo ${index + 1}`);
    await expect.poll(() => fixture.conversation(bruno), { timeout: 30_000 }).toEqual(fromNew);
    await reply('resposta depois da recarga');

    await fixture.host.stop();
    fixture.world.setPage({ alias: 'a' });
    receive('sem servidor');
    fixture.host.start();
    receive('ao recomeçar');
    await isStored();
    await reply('resposta depois do recomeço');

    await fixture.waitForState('linked');
    expect(statesSince(from)).toEqual(new Set(['reconnecting', 'linked']));
    expect(await fixture.tenant.whatsapp.get()).toMatchObject({ health: { reception: { state: 'ok' } } });
    const links = fixture.world.events().filter(({ kind }) => kind === 'linked' || kind === 'unlinked');
    expect(links).toHaveLength(1);
    expect(fixture.world.received({ phone: ana }).map(({ text }) => text)).toEqual([
      'resposta de antes',
      'resposta depois da recarga',
      'resposta depois do recomeço',
    ]);
  });
});

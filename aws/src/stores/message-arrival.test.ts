import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../../test-support/dynoxide.ts';
import { customer, incoming, openTenant } from '../../test-support/tenants.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { IncomingMessage } from './incoming-message.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.close());

const second = 1_790_000_000;

/**
 * A telling of one of six messages, two of which share a second: live or found by catching up, by one host or, at once,
 * another.
 */
const tellingArbitrary = fc.record({
  message: fc.nat({ max: 5 }),
  host: fc.nat({ max: 1 }),
  caughtUp: fc.boolean(),
  waits: fc.boolean(),
});

it('leaves each message once and in its place, however often and in whatever order it is told', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(tellingArbitrary, { minLength: 1, maxLength: 24 }), async (tellings) => {
      const userId = randomUUID();
      const hosts = [openTenant(db, { userId }), openTenant(db, { userId })];
      const sent = [0, 1, 2, 2, 3, 4].map((offset, i) =>
        incoming({ stanzaId: `ABC${i}`, sentAt: second + offset, text: `${i}` }),
      );
      const firstTold: number[] = [];
      let running: Promise<void>[] = [];
      const tell = async (
        host: Tenant | undefined,
        message: number,
        { told, missedSince }: { told: IncomingMessage; missedSince: string | undefined },
      ) => {
        const recorded = await host?.messages.recordMessage({ chat: customer(), message: told, missedSince });
        if (recorded?.stored) firstTold.push(message);
      };
      for (const { message, host, caughtUp, waits } of tellings) {
        if (waits) {
          await Promise.all(running);
          running = [];
        }
        const missedSince = caughtUp ? '2026-09-21T14:00:00.000Z' : undefined;
        const told = sent[message] ?? incoming();
        running.push(tell(hosts[host], message, { told, missedSince }));
      }
      await Promise.all(running);

      const [reader] = hosts;
      const chatId = (await reader?.chats.resolvePeer(customer().waIds)) ?? '';
      const shown = ((await reader?.messages.page({ chatId, limit: 100 }))?.items ?? []).map(({ text }) =>
        Number(text),
      );
      const expected = [...new Set(tellings.map(({ message }) => message))].toSorted((a, b) => a - b);
      expect(firstTold.toSorted((a, b) => a - b)).toEqual(expected);
      expect(shown.toSorted((a, b) => a - b)).toEqual(expected);
      const seconds = shown.map((message) => sent[message]?.sentAt ?? 0);
      expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
      const chat = await reader?.chats.require(chatId);
      expect(chat?.unread).toBe(expected.length);
      expect(chat?.lastMessage?.text).toBe(String(shown.at(-1)));
    }),
    { numRuns: 40 },
  );
});

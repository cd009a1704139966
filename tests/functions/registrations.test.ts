import { createClients, createIdentity, createPoolClient, type Identity } from '@top-active/aws';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLambdasFixture, type LambdasFixture } from '../support/lambdas-fixture.ts';

let fixture: LambdasFixture;
let identity: Identity;
beforeAll(async () => {
  fixture = await startLambdasFixture();
  const { userPoolId, clientId } = fixture.cloud.pool;
  const clients = createClients();
  const client = createPoolClient(clients, { userPoolId, clientId });
  identity = createIdentity(clients, { userPoolId, client, limitsTable: fixture.cloud.tables.limits });
});
afterAll(() => fixture.close());

/** As a browser has it, past the limits and the pauses of the API. */
async function register(email: string, password: string) {
  const { session } = await identity.signUp({ email, password, name: 'Ana Souza', locale: 'pt-BR' });
  return { password, session, code: fixture.codeFor(email) };
}

/** Lets so many other turns go first. */
async function after(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

type Act = 'register' | 'confirm with a guess' | 'log in';

describe('an owner who confirms', () => {
  it('keeps the account, whatever strangers do with the address at that moment', async () => {
    let round = 0;
    const stranger = fc.record({
      act: fc.constantFrom<Act>('register', 'confirm with a guess', 'log in'),
      before: fc.boolean(),
      turns: fc.nat(30),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(stranger, { minLength: 1, maxLength: 4 }), async (strangers) => {
        const email = `owner-${(round += 1)}@example.com`;
        const early: (Awaited<ReturnType<typeof register>> | undefined)[] = [];
        for (const { before } of strangers) early.push(before ? await register(email, 'stranger horse 1') : undefined);
        const owner = await register(email, 'owner horse 1');
        const confirming = identity.confirm({ email, code: owner.code, session: owner.session });
        const others = strangers.map(async ({ act, turns }, index) => {
          await after(turns);
          if (act === 'register') await register(email, 'stranger horse 1');
          if (act === 'confirm with a guess') {
            const session = early[index]?.session ?? 'none';
            await identity.confirm({ email, code: '000000', session });
          }
          if (act === 'log in') await identity.login({ email, password: 'stranger horse 1' });
        });
        const [confirmed] = await Promise.all([confirming, Promise.allSettled(others)]);
        const { userId } = await identity.provePassword({ email, password: 'owner horse 1' });
        expect(userId).toBe(confirmed.userId);
        const guess = identity.provePassword({ email, password: 'stranger horse 1' });
        await expect(guess).rejects.toMatchObject({ code: 'invalid_credentials' });
      }),
      { numRuns: 100 },
    );
  }, 180_000);

  it('has a code that no other registration of the address makes worthless, and the first to confirm has it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 5 }), fc.nat(4), async (count, choice) => {
        const email = fixture.newEmail();
        const begun = [];
        for (let n = 0; n < count; n += 1) begun.push(await register(email, `horse number ${n}`));
        const winner = begun[choice % count];
        if (!winner) throw new Error('Somebody has registered');
        await identity.confirm({ email, code: winner.code, session: winner.session });
        for (const { code, session, password } of begun) {
          if (password === winner.password) continue;
          const late = identity.confirm({ email, code, session });
          await expect(late).rejects.toMatchObject({ code: 'account_exists' });
        }
        await identity.provePassword({ email, password: winner.password });
      }),
      { numRuns: 20 },
    );
  }, 120_000);
});

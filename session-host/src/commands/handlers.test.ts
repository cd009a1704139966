import type { ChatRecord } from '@top-active/aws';
import { partOfTenant } from '@top-active/aws/test-support/part-of-tenant';
import { aChatRecord, aCommandRecord, aWhatsAppRecord } from '@top-active/aws/test-support/records';
import type { HostCommand } from '@top-active/core/contracts';
import { describe, expect, it } from 'vitest';
import type { EngineSession } from '../engine/engine.ts';
import type { UserSession } from '../session/user-session.ts';
import type { CommandContext, Outcome } from './command-context.ts';
import { handle } from './handlers.ts';

const chat = aChatRecord({ id: 'chat', waIds: ['5511988887777@c.us'], primaryWaId: '5511988887777@c.us' });
const answer = { outcome: 'refused' } as const;
const passkey = { kind: 'link.passkey', requestId: 'request' } as const;
const compared = { kind: 'link.compared', code: 'K7QX-2MPD', matches: true } as const;
const pair = { kind: 'link.pair', phone: '5511999990000' } as const;
const seen = { kind: 'chat.seen', chatId: 'chat' } as const;

/** What a command leads to, and what was asked of session and store on the way. */
async function outcomeOf(
  command: HostCommand,
  {
    says = true,
    isFree = true,
    generation = 3,
    session = {},
    chats = { chat },
    started = { started: true },
  }: {
    /** What the session answers. */
    says?: boolean;
    isFree?: boolean;
    /** Of the session that runs. */
    generation?: number;
    session?: Partial<UserSession>;
    chats?: Record<string, ChatRecord>;
    started?: Awaited<ReturnType<CommandContext['startSession']>>;
  } = {},
): Promise<{ outcome: Outcome; asked: unknown[] }> {
  const asked: unknown[] = [];
  const note =
    <T>(what: string, answer: T) =>
    (...args: unknown[]): T => {
      asked.push([what, ...args]);
      return answer;
    };
  const context = {
    record: aCommandRecord({ id: 'command', command }),
    claim: { take: note('claim', Promise.resolve(isFree)) },
    tenant: partOfTenant({
      chats: { get: (id) => Promise.resolve(chats[id]) },
      whatsapp: { get: () => Promise.resolve(aWhatsAppRecord({ generation: 9 })) },
      linkAnswers: {
        takePasskey: note('take', Promise.resolve(says ? { generation: 3, answer } : undefined)),
      },
    }),
    session: {
      generation,
      unlink: note('unlink', Promise.resolve()),
      answerPasskey: note('answer', Promise.resolve(says)),
      answerComparison: note('compare', Promise.resolve(says)),
      pairByCode: note('pair', says),
      pairByQr: note('qr', says),
      engine: { markSeen: note('seen', Promise.resolve()) } as unknown as EngineSession,
      ...session,
    },
    startSession: note('start', Promise.resolve(started)),
  } as unknown as CommandContext;
  return { outcome: await handle(context), asked };
}

describe('a command', () => {
  it('is claimed before anything is done, and left to whoever has it', async () => {
    for (const command of [{ kind: 'link.start' }, { kind: 'link.stop' }, passkey, compared, pair, seen] as const) {
      const { outcome, asked } = await outcomeOf(command, { isFree: false });
      expect(outcome).toEqual({ state: 'taken' });
      expect(asked).toEqual([['claim']]);
    }
  });

  it('to send is not claimed before it is about to be sent', async () => {
    const send = { kind: 'message.send', chatId: 'gone', text: 'Oi', author: 'owner' } as const;
    const { outcome, asked } = await outcomeOf(send);
    expect(outcome).toEqual({ state: 'FAILED', failure: 'chat_not_found' });
    expect(asked).toEqual([]);
  });

  it('to link starts the session, or says why it can not', async () => {
    const { outcome, asked } = await outcomeOf({ kind: 'link.start' });
    expect([outcome, asked]).toEqual([{ state: 'SENT' }, [['claim'], ['start']]]);
    const refused = await outcomeOf({ kind: 'link.start' }, { started: { started: false, failure: 'host_full' } });
    expect(refused.outcome).toEqual({ state: 'FAILED', failure: 'host_full' });
  });

  it('to unlink unlinks what was ordered last', async () => {
    const { outcome, asked } = await outcomeOf({ kind: 'link.stop' });
    expect([outcome, asked]).toEqual([{ state: 'SENT' }, [['claim'], ['unlink', 9]]]);
  });

  it('with a passkey gives the answer to the attempt that asked for it, and to no other', async () => {
    const { outcome, asked } = await outcomeOf(passkey);
    expect(outcome).toEqual({ state: 'SENT' });
    expect(asked).toEqual([['claim'], ['take', 'request'], ['answer', 'request', answer]]);
    const gone = { state: 'FAILED', failure: 'passkey_request_gone' };
    const other = await outcomeOf(passkey, { generation: 4 });
    expect([other.outcome, other.asked]).toEqual([gone, [['claim'], ['take', 'request']]]);
    expect((await outcomeOf(passkey, { says: false })).outcome).toEqual(gone);
    const asksNoMore = { answerPasskey: () => Promise.resolve(false) };
    expect((await outcomeOf(passkey, { session: asksNoMore })).outcome).toEqual(gone);
  });

  it('with the outcome of a comparison tells it to the page that shows the code', async () => {
    const { outcome, asked } = await outcomeOf(compared);
    expect([outcome, asked[1]]).toEqual([{ state: 'SENT' }, ['compare', 'K7QX-2MPD', true]]);
    expect((await outcomeOf(compared, { says: false })).outcome).toEqual({
      state: 'FAILED',
      failure: 'passkey_request_gone',
    });
  });

  it('to link by a code to type, or by a QR code again, is of use only while something is being linked', async () => {
    const byCode = await outcomeOf(pair);
    expect([byCode.outcome, byCode.asked[1]]).toEqual([{ state: 'SENT' }, ['pair', '5511999990000']]);
    const byQr = await outcomeOf({ kind: 'link.qr' });
    expect([byQr.outcome, byQr.asked[1]]).toEqual([{ state: 'SENT' }, ['qr']]);
    for (const command of [pair, { kind: 'link.qr' }] as const)
      expect((await outcomeOf(command, { says: false })).outcome).toEqual({
        state: 'FAILED',
        failure: 'whatsapp_not_linking',
      });
  });

  it('to mark as seen waits for a session, and fails without its chat', async () => {
    const { outcome, asked } = await outcomeOf(seen);
    expect([outcome, asked[1]]).toEqual([{ state: 'SENT' }, ['seen', chat.primaryWaId]]);
    const without = { session: { engine: undefined } };
    expect((await outcomeOf(seen, without)).outcome).toEqual({ state: 'open' });
    expect((await outcomeOf(seen, { chats: {} })).outcome).toEqual({ state: 'FAILED', failure: 'chat_not_found' });
  });
});

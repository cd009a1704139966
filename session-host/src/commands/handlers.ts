import type { HostCommandKind, HostCommandOf } from '@top-active/core/contracts';
import type { CommandContext, Outcome } from './command-context.ts';
import { sendMessage } from './send-message.ts';

/** One for each kind of `hostCommandSchema`: a kind without a handler doesn't compile. */
type Handlers = { [K in HostCommandKind]: (command: HostCommandOf<K>, context: CommandContext) => Promise<Outcome> };

/** The page asks no more, or another host has the session now. */
const gone: Outcome = { state: 'FAILED', failure: 'passkey_request_gone' };
const notLinking: Outcome = { state: 'FAILED', failure: 'whatsapp_not_linking' };

const handlers: Handlers = {
  'link.start': async (_command, { startSession }) => {
    const result = await startSession();
    return result.started ? { state: 'SENT' } : { state: 'FAILED', failure: result.failure };
  },

  'link.stop': async (_command, { tenant, session }) => {
    const { generation } = await tenant.whatsapp.get();
    await session.unlink(generation);
    return { state: 'SENT' };
  },

  'link.passkey': async ({ requestId }, { tenant, session }) => {
    const taken = await tenant.linkAnswers.takePasskey(requestId);
    const isOurs = taken !== undefined && taken.generation === session.generation;
    return isOurs && (await session.answerPasskey(requestId, taken.answer)) ? { state: 'SENT' } : gone;
  },

  'link.compared': async ({ code, matches }, { session }) =>
    (await session.answerComparison(code, matches)) ? { state: 'SENT' } : gone,

  'link.pair': ({ phone }, { session }) => Promise.resolve(session.pairByCode(phone) ? { state: 'SENT' } : notLinking),

  'link.qr': (_command, { session }) => Promise.resolve(session.pairByQr() ? { state: 'SENT' } : notLinking),

  'message.send': (command, context) => sendMessage(command, context),

  'chat.seen': async ({ chatId }, { tenant, session }) => {
    const chat = await tenant.chats.get(chatId);
    if (!chat) return { state: 'FAILED', failure: 'chat_not_found' };
    if (!session.engine) return { state: 'open' };
    await session.engine.markSeen(chat.primaryWaId);
    return { state: 'SENT' };
  },
};

/** A message is claimed when it is about to be sent, everything else at once. */
export async function handle(context: CommandContext): Promise<Outcome> {
  const { command } = context.record;
  if (command.kind !== 'message.send' && !(await context.claim.take())) return { state: 'taken' };
  return run(command, context);
}

function run<K extends HostCommandKind>(command: HostCommandOf<K>, context: CommandContext): Promise<Outcome> {
  return handlers[command.kind](command, context);
}

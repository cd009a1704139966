import type { HostCommandOf } from '@top-active/core/contracts';
import { canonicalWaId } from '@top-active/core/domain';
import { metrics, type ChatRecord } from '@top-active/aws';
import { EngineError, type EngineMessage, type EngineSession } from '../engine/engine.ts';
import type { CommandContext, Outcome } from './command-context.ts';

type Send = HostCommandOf<'message.send'>;

/** WhatsApp's clock and ours differ. Seconds. */
const clockSkew = 30;
const lookBack = 200;

/**
 * Sends once. Whenever it isn't certain whether the message has left, the chat is asked before anything is said, and
 * nothing is ever sent a second time: a customer who gets an answer twice is worse off than an owner who is asked to
 * look.
 */
export async function sendMessage(command: Send, context: CommandContext): Promise<Outcome> {
  const { record, claim, tenant, session, inbound, pacing } = context;
  const chat = await tenant.chats.get(command.chatId);
  if (!chat) return { state: 'FAILED', failure: 'chat_not_found' };
  // It was ordered to a chat of two people that has been taken apart since: its owner says anew which of them is meant.
  const to = command.to ?? chat.primaryWaId;
  if (!chat.waIds.includes(canonicalWaId(to))) return { state: 'FAILED', failure: 'recipient_left' };
  const { engine } = session;
  if (!engine) return { state: claim.before ? 'open' : 'unsent' };

  if (claim.before) return lookForSent(command, context, { chat, to, engine, after: claim.before }, 'interrupted');

  // Only courtesy: a reply isn't lost for it. Who types has sent nothing yet: a host that dies meanwhile leaves nothing
  // in doubt.
  await pacing(engine, to, command.text);
  return inbound.inChatOrder(to, async () => {
    const begun = new Date();
    try {
      // Also makes WhatsApp know the peer's hidden id, without which it refuses to open the chat.
      const contact = await inbound.describe(to, engine);
      if (!(await claim.take())) return { state: 'taken' };
      const message = await engine.sendText(to, command.text);
      const stored = await inbound.store(message, {
        contact,
        sender: { commandId: record.id, author: command.author },
      });
      return { state: 'SENT', messageId: stored?.messageId };
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      if (error.outcome === 'unready') return { state: 'unsent' };
      if (!claim.isHeld) throw error;
      if (error.outcome === 'refused') return session.engine ? refusedBy(error) : { state: 'unsent' };
      if (session.engine !== engine) return { state: 'open' };
      return lookForSent(command, context, { chat, to, engine, after: begun, inOrder: true }, 'unsure');
    }
  });
}

/** Never tried again: a message that WhatsApp refuses once and gets again makes things worse for the account. */
function refusedBy({ failure = 'refused' }: EngineError): Outcome {
  metrics.emit('SendsRefused');
  return { state: 'FAILED', failure };
}

interface Search {
  chat: ChatRecord;
  to: string;
  engine: EngineSession;
  after: Date;
  /** It has its place among the chat's messages already. */
  inOrder?: boolean;
}

/** @returns `UNKNOWN` with `failure` when it isn't there; `open` when the session ends: who has it next looks again */
async function lookForSent(
  command: Send,
  context: CommandContext,
  search: Search,
  failure: 'interrupted' | 'unsure',
): Promise<Outcome> {
  try {
    return (await findSent(command, context, search)) ?? { state: 'UNKNOWN', failure };
  } catch (error) {
    if (error instanceof EngineError && error.outcome === 'unready') return { state: 'open' };
    throw error;
  }
}

/** Looks in the chat for a message of the owner's with this text that no other command has sent. */
async function findSent(
  command: Send,
  { record, tenant, inbound }: CommandContext,
  { chat, to, engine, after, inOrder = false }: Search,
): Promise<Outcome | undefined> {
  const since = Math.floor(after.getTime() / 1000) - clockSkew;
  const { messages } = await engine.fetchSince(to, { since, atLeast: 0, atMost: lookBack });
  for (const message of messages) {
    if (!message.fromMe || message.text !== command.text || message.sentAt < since) continue;
    const known = await tenant.messages.find({ chatId: chat.id, stanzaId: message.stanzaId, direction: 'out' });
    if (known?.commandId !== undefined && known.commandId !== record.id) continue;
    const storeIt = () => storeFound(message);
    const messageId = inOrder ? await storeIt() : await inbound.inChatOrder(to, storeIt);
    return { state: 'SENT', messageId };
  }
  return undefined;

  async function storeFound(message: EngineMessage): Promise<string | undefined> {
    const contact = await inbound.describe(to, engine);
    const sender = { commandId: record.id, author: command.author };
    return (await inbound.store(message, { contact, sender }))?.messageId;
  }
}

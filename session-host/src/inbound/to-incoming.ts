import type { CommandId } from '@top-active/core/contracts';
import type { IncomingMessage } from '@top-active/aws';
import type { EngineMessage } from '../engine/engine.ts';

/** Who sent a message of the owner's account through this app. */
export interface Sender {
  commandId: CommandId;
  author: 'owner' | 'assistant';
}

/** A message as the store takes it. */
export function toIncoming(
  { peer: _peer, pushname: _pushname, fromMe, ...facts }: EngineMessage,
  sender?: Sender,
): IncomingMessage {
  return {
    ...facts,
    direction: fromMe ? 'out' : 'in',
    author: fromMe ? (sender?.author ?? 'owner') : 'customer',
    commandId: sender?.commandId,
  };
}

import { WhatsAppRefusal } from '../errors.ts';
import type { WorldCore } from '../world.ts';
import { peerOf } from './hand-views.ts';

interface MessageRef {
  phone: string;
  peer: string;
  id: string;
}

/** What a person does with messages that are there, and shows while typing. */
export interface Changing {
  read(phone: string, peer: string): void;
  typing(input: { phone: string; to: string; state: 'composing' | 'recording' | 'paused' }): void;
  react(input: MessageRef & { emoji: string }): void;
  /** What was planned on the phone is sent now, or never. @throws WhatsAppRefusal not-found, conflict */
  endPlan(input: MessageRef & { how: 'send' | 'cancel' }): void;
  /** The linked devices of the phone can decrypt the message at last. @throws WhatsAppRefusal not-found, conflict */
  unseal(input: MessageRef): void;
  /**
   * On a poll of the chat: options by their texts, none to take the vote back.
   * @throws WhatsAppRefusal not-found, invalid
   */
  vote(input: MessageRef & { options: string[] }): void;
  edit(input: MessageRef & { text: string }): void;
  revoke(input: MessageRef): void;
}

export function createChanging(core: WorldCore): Changing {
  const { parts, delivery, receipts, amendments, connections } = core;
  const { accounts, mailboxes, events, views } = parts;
  const refOf = ({ phone, peer, id }: MessageRef) => ({ phone, peer: peerOf(core, peer), id });

  return {
    read(phone, peer) {
      accounts.get(phone);
      receipts.read(phone, peerOf(core, peer));
    },
    typing({ phone, to, state }) {
      accounts.get(phone);
      const peer = peerOf(core, to);
      events.record({ kind: 'typing', phone: peer, data: { peer: phone, state } });
      connections.broadcast(peer, { t: 'chat-state', chat: views.idOf(peer, phone), state });
    },
    react: ({ emoji, ...ref }) => amendments.react(refOf(ref), emoji),
    endPlan({ how, ...input }) {
      const ref = refOf(input);
      const row = mailboxes.message(ref.phone, ref.peer, ref.id);
      if (row === undefined)
        throw new WhatsAppRefusal('not-found', `${ref.phone} has no message ${ref.id} in that chat.`);
      if (how === 'send') delivery.release(row);
      else amendments.remove(ref);
    },
    unseal: (ref) => amendments.unseal(refOf(ref)),
    vote: ({ options, ...ref }) => amendments.vote(refOf(ref), options),
    edit: ({ text, ...ref }) => amendments.edit(refOf(ref), text),
    revoke: (ref) => amendments.revoke(refOf(ref)),
  };
}

import type { CapabilityName } from '@top-active/core/contracts';
import type { Probe } from '../probe-context.ts';
import { probeAck } from './ack.ts';
import { probeChatList } from './chat-list.ts';
import { probeContact } from './contact.ts';
import { probeEdit } from './edit.ts';
import { probeHistory } from './history.ts';
import { probeIdentity } from './identity.ts';
import { probeLinking } from './linking.ts';
import { probeMedia } from './media.ts';
import { probeReaction } from './reaction.ts';
import { probeReceive } from './receive.ts';
import { probeRestriction } from './restriction.ts';
import { probeRevoke } from './revoke.ts';
import { probeSend } from './send.ts';

export const probes: Readonly<Record<CapabilityName, Probe>> = {
  identity: probeIdentity,
  receive: probeReceive,
  send: probeSend,
  ack: probeAck,
  edit: probeEdit,
  revoke: probeRevoke,
  reaction: probeReaction,
  media: probeMedia,
  history: probeHistory,
  chat_list: probeChatList,
  contact: probeContact,
  linking: probeLinking,
  restriction: probeRestriction,
};

/** The repairs that a capability rests on once they were applied in a document. */
export const restsOn: Readonly<Partial<Record<CapabilityName, readonly string[]>>> = {
  identity: ['hidden-require', 'message-keys'],
  receive: ['message-keys', 'leaving-keys', 'listener-modules'],
  send: ['message-keys', 'sent-message', 'sibling-chat'],
  media: ['media-id'],
  history: ['history-signature', 'history-database', 'sibling-chat'],
};

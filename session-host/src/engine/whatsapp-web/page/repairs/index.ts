import { readsAnyKey } from '../../messages/forward-messages.ts';
import type { Repair } from '../repair-context.ts';
import { enrichMessages } from './enrich-message.ts';
import { repairHiddenRequire } from './hidden-require.ts';
import { repairLeavingKeys } from './leaving-keys.ts';
import { repairListenerModules } from './listener-modules.ts';
import { repairLogoutReason } from './logout-reason.ts';
import { repairMediaId } from './media-id.ts';
import { repairMessageKeys } from './message-keys.ts';
import { repairSeenSignature } from './seen-signature.ts';
import { repairSentMessage } from './sent-message.ts';
import { repairSiblingChat } from './sibling-chat.ts';
import { repairWhatsNew } from './whats-new.ts';
import { tellChanges } from './tell-changes.ts';

/** By name; each is one self-contained function whose source goes into the page. */
export const repairs: Readonly<Record<string, Repair>> = {
  'hidden-require': repairHiddenRequire,
  'message-keys': repairMessageKeys,
  'leaving-keys': repairLeavingKeys,
  'message-details': enrichMessages,
  'message-changes': tellChanges,
  'listener-modules': repairListenerModules,
  'sibling-chat': repairSiblingChat,
  'sent-message': repairSentMessage,
  'seen-signature': repairSeenSignature,
  'media-id': repairMediaId,
  'logout-reason': repairLogoutReason,
  'whats-new': repairWhatsNew,
};

/** WhatsApp loads some modules only when somebody opens what needs them: the component whose bundle brings each. */
export const componentOf: Readonly<Record<string, string>> = {
  WAWebChatForwardMessage: 'WAWebMediaForwardMediaMsg',
  WAWebSetPushnameConnAction: 'WAWebSetPushnameConnAction',
};

/**
 * Of all that can be switched off: the repairs above, the detours that calls of ours take, and how the host reads ids.
 */
export const repairNames: readonly string[] = [
  ...Object.keys(repairs),
  'history-signature',
  'history-database',
  readsAnyKey,
];

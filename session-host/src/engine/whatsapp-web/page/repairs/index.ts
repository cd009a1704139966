import type { Repair } from '../repair-context.ts';
import { enrichMessages } from './enrich-message.ts';
import { tellChanges } from './tell-changes.ts';
import { repairMessageKeys } from './message-keys.ts';
import { repairLeavingKeys } from './leaving-keys.ts';

/** By name; each is one self-contained function whose source goes into the page. */
export const repairs: Readonly<Record<string, Repair>> = {
  'message-keys': repairMessageKeys,
  'leaving-keys': repairLeavingKeys,
  'message-details': enrichMessages,
  'message-changes': tellChanges,
};

/** WhatsApp loads some modules only when somebody opens what needs them: the component whose bundle brings each. */
export const componentOf: Readonly<Record<string, string>> = {
  WAWebChatForwardMessage: 'WAWebMediaForwardMediaMsg',
  WAWebSetPushnameConnAction: 'WAWebSetPushnameConnAction',
};

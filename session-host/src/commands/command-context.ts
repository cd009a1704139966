import type { CommandRecord, Tenant } from '@top-active/aws';
import type { Inbound } from '../inbound/inbound.ts';
import type { UserSession } from '../session/user-session.ts';
import type { Claim } from './claim.ts';
import type { Pacing } from './pacing.ts';

/** What became of a command. */
export type Outcome =
  | { state: 'SENT'; messageId?: string | undefined }
  | { state: 'FAILED' | 'UNKNOWN'; failure: string }
  /** Not decided: the command stays claimed and is looked at again when the session is ready. */
  | { state: 'open' }
  /** Nothing was asked of WhatsApp: whoever has the session next begins anew. */
  | { state: 'unsent' }
  /** Somebody else has it now, or it is over. */
  | { state: 'taken' };

export interface CommandContext {
  record: CommandRecord;
  claim: Claim;
  tenant: Tenant;
  session: UserSession;
  inbound: Inbound;
  pacing: Pacing;
  /** Makes the user's session run, or says why it can't. */
  startSession: () => Promise<{ started: true } | { started: false; failure: string }>;
}

import type { ProbeContext } from '../probe-context.ts';

/** Giving one, and hearing of others'. */
export function probeReaction({ expectsFunction }: ProbeContext): void {
  expectsFunction('WAWebSendReactionMsgAction', 'sendReactionToMsg');
  expectsFunction('WAWebAddonReactionTableMode', 'reactionTableMode.bulkUpsert');
}

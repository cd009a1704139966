import type { ProbeContext } from '../probe-context.ts';

/** Giving one, and hearing of others': where the library can't listen, the page is asked for them regularly. */
export function probeReaction({ need, expects, expectsFunction, manages }: ProbeContext): void {
  expectsFunction('WAWebSendReactionMsgAction', 'sendReactionToMsg');
  const mode: object = need('WAWebAddonReactionTableMode') ?? {};
  const { reactionTableMode } = mode as { reactionTableMode?: { bulkUpsert?: unknown } };
  const isTold = typeof reactionTableMode?.bulkUpsert === 'function';
  const isKept = typeof need('WAWebCollections')?.Reactions?.find === 'function';
  expects(
    'WAWebAddonReactionTableMode.reactionTableMode.bulkUpsert or WAWebCollections.Reactions.find',
    isTold || isKept,
  );
  if (!isTold && isKept) manages('asked for in WAWebCollections.Reactions');
}

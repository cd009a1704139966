import type { Note } from '../../wire.ts';
import { MsgKey, wid } from '../ids.ts';
import type { Modules } from '../registry.ts';
import { CallCollection } from './calls.ts';
import type { ModuleContext } from './module-context.ts';

interface Reaction {
  id: unknown;
  reactionParentKey: unknown;
  reactionText: string;
  /** Unix time, milliseconds. */
  reactionTimestamp: number;
  author: unknown;
  from: unknown;
  orphan: number;
  read: boolean;
  ack: number;
}

/** Modules into which the library puts functions of its own, to hear of what has no event. */
export function addonModules({ app, inbox }: ModuleContext): {
  modules: Modules;
  react: (note: Extract<Note, { type: 'reaction' }>, silent: boolean) => void;
  calls: CallCollection;
} {
  // The aggregation is done already; the library listens here.
  const reactionTableMode = { bulkUpsert: (_reactions: Reaction[]) => Promise.resolve() };
  const calls = new CallCollection();

  function react({ reaction }: Extract<Note, { type: 'reaction' }>, silent: boolean): void {
    const { key, aggregated } = inbox.reaction(reaction);
    const message = app.collections.Msg.get(reaction.parent);
    message?.set({ hasReaction: aggregated.reactions.length > 0 });
    if (silent) return;
    const author = wid(reaction.author);
    // Through the object, so that a function which the library put in its place is the one that is called.
    void reactionTableMode.bulkUpsert([
      {
        id: key,
        reactionParentKey: MsgKey.fromString(reaction.parent),
        reactionText: reaction.emoji,
        reactionTimestamp: reaction.at,
        author,
        from: author,
        orphan: message === undefined ? 1 : 0,
        read: false,
        ack: 1,
      },
    ]);
  }

  return {
    react,
    calls,
    modules: {
      WAWebAddonReactionTableMode: { reactionTableMode },
      WAWebCallCollection: calls,
      WAWebSyncGatingUtils: { isPlaceholderMessageResendEnabled: () => false },
      WAWebNonMessageDataRequestPlaceholderMessageResendUtils: { handlePlaceholderMsgsSeen: () => Promise.resolve() },
      WAWebBackendJobsCommon: { mediaTypeFromProtobuf: () => null },
      WAWebE2EProtoUtils: { typeAttributeFromProtobuf: () => 'text' },
    },
  };
}

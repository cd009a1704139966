import type { PageChange } from '../builds/change.ts';
import { partOf } from '../builds/part-of.ts';

/** The collection of messages grows without its `add`. */
export const messagesAddSilently: PageChange = {
  name: 'messages without an event',
  apply({ app }) {
    app.collections.Msg.hidesAdds = true;
  },
};

/** Reactions and votes are worked on elsewhere, as in a worker: what is put into the modules here is never called. */
export const addonsElsewhere: PageChange = {
  name: 'reactions and votes elsewhere',
  apply({ modules }) {
    for (const [name, member] of [
      ['WAWebAddonReactionTableMode', 'reactionTableMode'],
      ['WAWebAddonPollVoteTableMode', 'pollVoteTableMode'],
    ] as const) {
      modules[name] = { [member]: { ...Object(partOf(modules, name)[member]) } };
    }
  },
};

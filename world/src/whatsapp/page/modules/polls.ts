import type { Note, WireVote } from '../../wire.ts';
import { MsgKey, wid } from '../ids.ts';
import type { MsgModel } from '../models.ts';
import type { Modules } from '../registry.ts';
import type { ModuleContext } from './module-context.ts';

/** As the page hands a vote to its own table of votes. */
interface PollVote {
  id: MsgKey;
  pollUpdateParentKey: MsgKey;
  /** Unix time, milliseconds. */
  t: number;
  senderTimestampMs: number;
  author: unknown;
  from: unknown;
  selectedOptionLocalIds: number[];
  ack: number;
}

/** Votes on polls: the library puts a function of its own where they arrive, and reads what is stored from a table. */
export function pollModules({ app, outbox }: ModuleContext): {
  modules: Modules;
  vote: (note: Extract<Note, { type: 'vote' }>) => void;
} {
  const { wire } = app;
  const pollVoteTableMode = { bulkUpsert: (_votes: PollVote[]) => Promise.resolve() };

  async function equals(index: string[], key: string) {
    if (index[0] !== 'parentMsgKey') throw new Error(`The table of votes has no index ${index.join(', ')}.`);
    const { votes } = await wire.request('votes', { key });
    return votes.map((vote) => ({
      msgKey: keyOf(vote).toString(),
      parentMsgKey: vote.poll,
      sender: vote.voter,
      senderTimestampMs: vote.at,
      selectedOptionLocalIds: Uint8Array.from(vote.options).buffer,
    }));
  }

  return {
    vote({ vote }) {
      const author = wid(vote.voter);
      // Through the object, so that a function which the library put in its place is the one that is called.
      void pollVoteTableMode.bulkUpsert([
        {
          id: keyOf(vote),
          pollUpdateParentKey: MsgKey.fromString(vote.poll),
          t: vote.at,
          senderTimestampMs: vote.at,
          author,
          from: author,
          selectedOptionLocalIds: vote.options,
          ack: 1,
        },
      ]);
    },
    modules: {
      WAWebAddonPollVoteTableMode: { pollVoteTableMode },
      WAWebPollsVotesSchema: { getTable: () => ({ equals }) },
      WAWebPollsSendVoteMsgAction: {
        async sendVote(poll: MsgModel, options: Iterable<number>): Promise<void> {
          await outbox.sent(poll);
          await wire.request('vote', { key: poll.id.toString(), options: [...options] });
        },
      },
    },
  };
}

/** A vote is a message of its own. */
function keyOf({ poll, fromMe, at }: WireVote): MsgKey {
  const parent = MsgKey.fromString(poll);
  return new MsgKey({ fromMe, remote: parent.remote, id: `V${parent.id}${at}` });
}

import type { Client } from 'whatsapp-web.js';
import type { EngineEvent } from '../../engine.ts';
import { addDetails } from '../page/add-details.ts';
import { lookUpName } from '../page/look-up-name.ts';
import { readLiveReaction } from './read-reactions.ts';
import { readMessage } from './read-message.ts';
import { readLiveVote, withVote, type LiveVote } from './read-votes.ts';
import { isConversation, isGroup } from './read-wid.ts';

/** Tells on what the library tells of reactions and of votes on polls. */
export function forwardReactions({ client, emit }: { client: Client; emit: (event: EngineEvent) => void }): void {
  client.on('message_reaction', (told: unknown) => {
    const event = readLiveReaction(told);
    if (event && isConversation(event.peer)) void tellReaction(event);
  });
  client.on('vote_update', (told: unknown) => {
    const vote = readLiveVote(told);
    if (vote) void tellPoll(vote);
  });

  async function tellReaction(event: NonNullable<ReturnType<typeof readLiveReaction>>): Promise<void> {
    const { reaction, ...of } = event;
    const page = isGroup(of.peer) && reaction.author === 'customer' ? client.pupPage : undefined;
    const senderName = page && (await lookUpName(page, reaction.senderId));
    emit({ type: 'reaction', ...of, reaction: { ...reaction, ...(senderName !== undefined && { senderName }) } });
  }

  async function tellPoll(vote: LiveVote): Promise<void> {
    const [detailed] = client.pupPage ? await addDetails(client.pupPage, [vote.poll]) : [vote.poll];
    const read = readMessage(withVote(detailed, vote));
    const poll = read.kind === 'message' ? read.message.content?.poll : undefined;
    if (read.kind !== 'message' || !poll) return;
    const { peer, stanzaId, fromMe } = read.message;
    emit({ type: 'poll', peer, stanzaId, fromMe, poll });
  }
}

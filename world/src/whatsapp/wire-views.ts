import type { Accounts } from './accounts.ts';
import { pnOf } from './addresses.ts';
import { attributesFor } from './attributes.ts';
import type { FaultBoard } from './fault-board.ts';
import type { ChatRow, Mailboxes, MessageRow } from './mailboxes.ts';
import type { MediaStore } from './media-store.ts';
import type { NumberChanges } from './number-changes.ts';
import type { Rooms } from './rooms.ts';
import { readExtra } from './stored-extra.ts';
import type { ViewedIds } from './viewed-ids.ts';
import type { WireChat, WireContact, WireMe, WireMessage, WireQuote, WireReaction, WireVote } from './wire.ts';

/** Stored rows as a phone's linked devices see them. */
export interface WireViews {
  wireMessage(row: MessageRow): WireMessage;
  wireChat(row: ChatRow): WireChat;
  /** Without its last message. */
  bareChat(row: ChatRow): WireChat;
  wireContact(viewer: string, number: string): WireContact | null;
  wireReaction(row: MessageRow, reaction: { author: string; emoji: string; at: number }): WireReaction;
  /** `options` as stored. */
  wireVote(row: MessageRow, vote: { author: string; options: string; at: number }): WireVote;
  wireVotes(row: MessageRow): WireVote[];
  me(number: string): WireMe;
}

interface Parts {
  ids: ViewedIds;
  titleOf: (viewer: string, peer: string) => string;
  accounts: Accounts;
  mailboxes: Mailboxes;
  media: MediaStore;
  rooms: Rooms;
  numberChanges: NumberChanges;
  faults: FaultBoard;
}

export function createWireViews(parts: Parts): WireViews {
  const { ids, titleOf, accounts, mailboxes, media, rooms, numberChanges, faults } = parts;
  function quote(row: MessageRow): WireQuote | null {
    if (row.quoted === null) return null;
    const name = { phone: row.phone, peer: row.peer, id: row.quoted };
    // An answer carries what it quotes, whatever becomes of that later.
    const quoted = mailboxes.message(name.phone, name.peer, name.id) ?? mailboxes.revoked(name);
    if (quoted === undefined) return null;
    const participant = quoted.from_me === 1 ? ids.own(quoted) : (ids.authorId(quoted) ?? quoted.remote);
    const file = quoted.media === null ? undefined : media.facts(quoted.media);
    return {
      id: quoted.id,
      participant,
      type: quoted.type,
      body: quoted.text,
      mimetype: file?.mimetype ?? null,
      filename: file?.filename ?? null,
      extra: wireExtra(quoted),
    };
  }

  function wireReaction(row: MessageRow, reaction: { author: string; emoji: string; at: number }): WireReaction {
    const fromMe = reaction.author === row.phone;
    const author = fromMe ? ids.own(row) : ids.personId(row.phone, reaction.author);
    return { parent: ids.key(row), author, fromMe, emoji: reaction.emoji, at: reaction.at };
  }

  function wireVote(row: MessageRow, vote: { author: string; options: string; at: number }): WireVote {
    const fromMe = vote.author === row.phone;
    const voter = fromMe ? ids.own(row) : ids.personId(row.phone, vote.author);
    const options: number[] = JSON.parse(vote.options);
    return { poll: ids.key(row), voter, fromMe, options, at: vote.at };
  }

  /** Attributes with this phone's own ids of messages and people. */
  function wireExtra(row: MessageRow): Record<string, unknown> {
    const extra = attributesFor(readExtra(row), {
      key(id) {
        const other = mailboxes.message(row.phone, row.peer, id);
        return other === undefined ? `false_${row.remote}_${id}` : ids.key(other);
      },
      person: (number) => ids.personId(row.phone, number),
    });
    return Object(extra);
  }

  /** What can't be decrypted yet comes as a placeholder. */
  function wireMessage(row: MessageRow): WireMessage {
    const sealed = row.from_me === 1 ? undefined : mailboxes.sealed(row);
    const whole = wholeWireMessage(row);
    if (sealed === undefined) return whole;
    return {
      ...whole,
      type: 'ciphertext',
      text: '',
      media: null,
      quote: null,
      extra: sealed === '' ? {} : { subtype: sealed },
    };
  }

  function wholeWireMessage(row: MessageRow): WireMessage {
    const fromMe = row.from_me === 1;
    return {
      seq: row.seq,
      key: ids.key(row),
      from: fromMe ? ids.own(row) : row.remote,
      to: fromMe ? row.remote : ids.own(row),
      author: ids.authorId(row),
      type: row.type,
      text: row.text,
      t: row.t,
      ack: row.ack,
      pushname: pushname(row),
      media: row.media === null ? null : (media.wire(row.media) ?? null),
      quote: quote(row),
      editedAt: row.edited_at,
      forwarded: row.forwarded === 1,
      starred: row.starred === 1,
      extra: wireExtra(row),
      reactions: mailboxes.reactions(row).map((reaction) => wireReaction(row, reaction)),
    };
  }

  function pushname(row: MessageRow): string {
    const author = row.from_me === 1 ? row.phone : (row.author ?? row.peer);
    return accounts.find(author)?.name ?? rooms.find(author)?.name ?? '';
  }

  function wireChat(row: ChatRow): WireChat {
    const last = mailboxes.last(row.phone, row.peer);
    return { ...bareChat(row), lastMessage: last === undefined ? null : wireMessage(last) };
  }

  function bareChat(row: ChatRow): WireChat {
    const room = row.kind === 'group' ? rooms.get(row.peer) : undefined;
    return {
      id: ids.idOf(row.phone, row.peer),
      kind: row.kind,
      title: titleOf(row.phone, row.peer),
      t: row.t,
      unread: row.unread,
      archived: row.archived === 1,
      pinned: row.pinned === 1,
      muteExpiration: row.mute_expiration,
      lastMessage: null,
      ...numberChange(row),
      hasToken: row.kind === 'user' && mailboxes.heardFrom(row.phone, row.peer),
      group:
        room === undefined
          ? null
          : {
              owner: ids.personId(row.phone, room.owner),
              createdAt: room.createdAt,
              participants: room.members.map((member) => ids.personId(row.phone, member)),
            },
    };
  }

  /** WhatsApp writes the numbers themselves here, whatever ids the chats have. */
  function numberChange({ phone, peer }: ChatRow): Pick<WireChat, 'changeNumberOldJid' | 'changeNumberNewJid'> {
    const change = numberChanges.of(phone, peer);
    return {
      changeNumberOldJid: change?.old === undefined ? null : pnOf(change.old),
      changeNumberNewJid: change?.new === undefined ? null : pnOf(change.new),
    };
  }

  function wireContact(viewer: string, number: string): WireContact | null {
    const person = accounts.find(number);
    if (person === undefined) return null;
    const saved = accounts.contact(viewer, number);
    return {
      id: ids.personId(viewer, number),
      pn: faults.of(number).numberUnknown ? null : ids.numberId(viewer, person),
      lid: person.lid,
      username: faults.of(number).username || null,
      name: saved?.name ?? null,
      pushname: person.name,
      business: person.platform === 'smba',
      blocked: saved?.blocked === 1,
    };
  }

  function me(number: string): WireMe {
    const { pn, lid, name, platform } = accounts.get(number);
    return { pn, lid, pushname: name, platform };
  }

  return {
    wireMessage,
    wireChat,
    bareChat,
    wireContact,
    wireReaction,
    wireVote,
    wireVotes: (row) => mailboxes.votes(row.id).map((vote) => wireVote(row, vote)),
    me,
  };
}

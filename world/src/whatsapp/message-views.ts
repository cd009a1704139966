import { attributesFor } from './attributes.ts';
import { pnOf, statusBroadcast, withoutNinthDigit } from './addresses.ts';
import type { Accounts } from './accounts.ts';
import type { FaultBoard } from './fault-board.ts';
import type { ChatRow, Mailboxes, MessageRow } from './mailboxes.ts';
import type { MediaStore } from './media-store.ts';
import type { NumberChanges } from './number-changes.ts';
import type { Rooms } from './rooms.ts';
import type { Addressing, Chat, Message, Phone } from './types.ts';
import type { WireChat, WireContact, WireMe, WireMessage, WireQuote, WireReaction, WireVote } from './wire.ts';

/** Turns stored rows into what people (`Message`, `Chat`) and what linked devices (`Wire…`) see. */
export interface MessageViews {
  message(row: MessageRow): Message;
  chat(row: ChatRow): Chat;
  wireMessage(row: MessageRow): WireMessage;
  wireChat(row: ChatRow): WireChat;
  /** Without its last message. */
  bareChat(row: ChatRow): WireChat;
  wireContact(viewer: string, number: string): WireContact | null;
  wireReaction(row: MessageRow, reaction: { author: string; emoji: string; at: number }): WireReaction;
  /** `options` as stored. */
  wireVote(row: MessageRow, vote: { author: string; options: string; at: number }): WireVote;
  wireVotes(row: MessageRow): WireVote[];
  /** The texts of a poll's options; none where it is no poll. */
  pollOptions(row: MessageRow): string[];
  me(number: string): WireMe;
  key(row: MessageRow): string;
  /** How `viewer` sees `number`: an existing chat's addressing wins over what is new. */
  addressing(viewer: string, number: string): Addressing;
  /** The id under which `viewer` sees a person, group or newsletter. */
  idOf(viewer: string, peer: string): string;
  /** Back from an id to a number, or to the id itself where it isn't a person. */
  peerOf(id: string): string | undefined;
}

interface Parts {
  accounts: Accounts;
  mailboxes: Mailboxes;
  media: MediaStore;
  rooms: Rooms;
  numberChanges: NumberChanges;
  faults: FaultBoard;
}

export function createMessageViews({ accounts, mailboxes, media, rooms, numberChanges, faults }: Parts): MessageViews {
  function addressing(viewer: string, number: string): Addressing {
    if (faults.of(number).numberUnknown) return 'lid';
    return mailboxes.chat(viewer, number)?.addressing ?? accounts.find(number)?.addressing ?? 'pn';
  }

  function personId(viewer: string, number: string): string {
    const person = accounts.find(number);
    if (person === undefined) return pnOf(number);
    return addressing(viewer, number) === 'lid' ? person.lid : numberId(viewer, person);
  }

  function numberId(viewer: string, { number, pn }: Phone): string {
    return addressing(viewer, number) === 'pn-without-ninth' ? pnOf(withoutNinthDigit(number)) : pn;
  }

  function idOf(viewer: string, peer: string): string {
    return peer.includes('@') ? peer : personId(viewer, peer);
  }

  function peerOf(id: string): string | undefined {
    if (id.endsWith('@g.us') || id.endsWith('@newsletter')) return rooms.find(id) === undefined ? undefined : id;
    if (id === statusBroadcast) return id;
    return accounts.findById(id)?.number;
  }

  function own(row: Pick<MessageRow, 'phone' | 'remote'>): string {
    const phone = accounts.get(row.phone);
    return row.remote.endsWith('@lid') ? phone.lid : phone.pn;
  }

  function authorId(row: MessageRow): string | null {
    if (row.author === null) return null;
    return row.author === row.phone ? accounts.get(row.phone).pn : personId(row.phone, row.author);
  }

  function key(row: MessageRow): string {
    // In the chat with oneself the key says which of the two one was.
    const self = row.peer === row.phone ? ['out'] : [];
    const author = authorId(row);
    const participant = author === null ? [] : [author];
    return [row.from_me === 1 ? 'true' : 'false', row.remote, row.id, ...self, ...participant].join('_');
  }

  function message(row: MessageRow): Message {
    return {
      seq: row.seq,
      id: row.id,
      key: key(row),
      peer: row.peer,
      fromMe: row.from_me === 1,
      author: row.author,
      type: row.type,
      text: row.text,
      t: row.t,
      ack: row.ack,
      media: row.media === null ? null : (media.facts(row.media) ?? null),
      quoted: row.quoted,
      editedAt: row.edited_at,
      forwarded: row.forwarded === 1,
      starred: row.starred === 1,
      extra: readExtra(row),
      reactions: mailboxes.reactions(row),
      votes: votes(row),
      sealed: mailboxes.sealed(row) ?? null,
    };
  }

  function votes(row: MessageRow): Message['votes'] {
    const names = optionsOf(row);
    if (names.length === 0) return [];
    return mailboxes.votes(row.id).map(({ author, options, at }) => {
      const chosen: number[] = JSON.parse(options);
      return { author, options: chosen.flatMap((place) => names[place] ?? []), at };
    });
  }

  function title(viewer: string, peer: string): string {
    if (peer === statusBroadcast) return 'Status';
    if (peer.includes('@')) return rooms.find(peer)?.name ?? peer;
    return accounts.contact(viewer, peer)?.name ?? accounts.find(peer)?.name ?? `+${peer}`;
  }

  function chat(row: ChatRow): Chat {
    const last = mailboxes.last(row.phone, row.peer);
    return {
      peer: row.peer,
      kind: row.kind,
      title: title(row.phone, row.peer),
      id: idOf(row.phone, row.peer),
      t: row.t,
      unread: row.unread,
      archived: row.archived === 1,
      pinned: row.pinned === 1,
      muteExpiration: row.mute_expiration,
      lastMessage: last === undefined ? null : message(last),
    };
  }

  function quote(row: MessageRow): WireQuote | null {
    if (row.quoted === null) return null;
    const name = { phone: row.phone, peer: row.peer, id: row.quoted };
    // An answer carries what it quotes, whatever becomes of that later.
    const quoted = mailboxes.message(name.phone, name.peer, name.id) ?? mailboxes.revoked(name);
    if (quoted === undefined) return null;
    const participant = quoted.from_me === 1 ? own(quoted) : (authorId(quoted) ?? quoted.remote);
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
    const author = fromMe ? own(row) : personId(row.phone, reaction.author);
    return { parent: key(row), author, fromMe, emoji: reaction.emoji, at: reaction.at };
  }

  function wireVote(row: MessageRow, vote: { author: string; options: string; at: number }): WireVote {
    const fromMe = vote.author === row.phone;
    const voter = fromMe ? own(row) : personId(row.phone, vote.author);
    const options: number[] = JSON.parse(vote.options);
    return { poll: key(row), voter, fromMe, options, at: vote.at };
  }

  /** Attributes with this phone's own ids of messages and people. */
  function wireExtra(row: MessageRow): Record<string, unknown> {
    const extra = attributesFor(readExtra(row), {
      key(id) {
        const other = mailboxes.message(row.phone, row.peer, id);
        return other === undefined ? `false_${row.remote}_${id}` : key(other);
      },
      person: (number) => personId(row.phone, number),
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
      key: key(row),
      from: fromMe ? own(row) : row.remote,
      to: fromMe ? row.remote : own(row),
      author: authorId(row),
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
      id: idOf(row.phone, row.peer),
      kind: row.kind,
      title: title(row.phone, row.peer),
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
              owner: personId(row.phone, room.owner),
              createdAt: room.createdAt,
              participants: room.members.map((member) => personId(row.phone, member)),
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
      id: personId(viewer, number),
      pn: faults.of(number).numberUnknown ? null : numberId(viewer, person),
      lid: person.lid,
      username: faults.of(number).username || null,
      name: saved?.name ?? null,
      pushname: person.name,
      business: person.platform === 'smba',
      blocked: saved?.blocked === 1,
    };
  }

  return {
    message,
    chat,
    wireMessage,
    wireChat,
    bareChat,
    wireContact,
    wireReaction,
    wireVote,
    wireVotes: (row) => mailboxes.votes(row.id).map((vote) => wireVote(row, vote)),
    pollOptions: optionsOf,
    me(number: string): WireMe {
      const phone: Phone = accounts.get(number);
      return { pn: phone.pn, lid: phone.lid, pushname: phone.name, platform: phone.platform };
    },
    key,
    addressing,
    idOf,
    peerOf,
  };
}

function readExtra(row: MessageRow): Record<string, unknown> {
  const extra: Record<string, unknown> = JSON.parse(row.extra);
  return extra;
}

function optionsOf(row: MessageRow): string[] {
  const { pollOptions } = readExtra(row);
  if (!Array.isArray(pollOptions)) return [];
  return pollOptions.map((option: { name?: unknown } | null) => (typeof option?.name === 'string' ? option.name : ''));
}

import type { Accounts } from './accounts.ts';
import { statusBroadcast } from './addresses.ts';
import type { ChatRow, Mailboxes, MessageRow } from './mailboxes.ts';
import type { MediaStore } from './media-store.ts';
import type { Rooms } from './rooms.ts';
import { optionsOf, readExtra } from './stored-extra.ts';
import type { Chat, Message } from './types.ts';
import type { ViewedIds } from './viewed-ids.ts';

/** Stored rows as the people at the phones see them. */
export interface PeopleViews {
  message(row: MessageRow): Message;
  chat(row: ChatRow): Chat;
  /** What `viewer` calls a person, a room or the status. */
  title(viewer: string, peer: string): string;
}

interface Parts {
  ids: ViewedIds;
  accounts: Accounts;
  mailboxes: Mailboxes;
  media: MediaStore;
  rooms: Rooms;
}

export function createPeopleViews({ ids, accounts, mailboxes, media, rooms }: Parts): PeopleViews {
  function message(row: MessageRow): Message {
    return {
      seq: row.seq,
      id: row.id,
      key: ids.key(row),
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
      id: ids.idOf(row.phone, row.peer),
      t: row.t,
      unread: row.unread,
      archived: row.archived === 1,
      pinned: row.pinned === 1,
      muteExpiration: row.mute_expiration,
      lastMessage: last === undefined ? null : message(last),
    };
  }

  return { message, chat, title };
}

import type { Chat, Message } from '../types.ts';
import type { WorldCore } from '../world.ts';
import { peerOf } from './hand-views.ts';

/** What stands on a phone. */
export interface Reading {
  chats(phone: string): Chat[];
  /** In order of storage, after a cursor; or the newest ones where there is no cursor. */
  messages(options: { phone: string; peer: string; after?: number | undefined; limit?: number | undefined }): Message[];
  /** Everything the phone received, whatever the chat. */
  received(options: { phone: string; after?: number | undefined; limit?: number | undefined }): Message[];
  mediaBytes(id: string): { mimetype: string; filename: string | null; bytes: Uint8Array } | undefined;
}

export function createReading(core: WorldCore): Reading {
  const { accounts, mailboxes, media, views } = core.parts;

  return {
    chats(phone) {
      accounts.get(phone);
      return mailboxes.chats(phone).map((row) => views.chat(row));
    },
    messages({ phone, peer, after, limit = 50 }) {
      accounts.get(phone);
      const chat = { phone, peer: peerOf(core, peer), limit };
      const newest = { t: Number.MAX_SAFE_INTEGER, seq: Number.MAX_SAFE_INTEGER };
      const rows =
        after === undefined ? mailboxes.before({ ...chat, ...newest }) : mailboxes.after({ ...chat, seq: after });
      return rows.map((row) => views.message(row));
    },
    received({ phone, after = 0, limit = 100 }) {
      accounts.get(phone);
      return mailboxes.after({ phone, seq: after, limit, received: true }).map((row) => views.message(row));
    },
    mediaBytes(id) {
      const facts = media.facts(id);
      const bytes = media.bytes(id);
      return facts === undefined || bytes === undefined ? undefined : { ...facts, bytes };
    },
  };
}

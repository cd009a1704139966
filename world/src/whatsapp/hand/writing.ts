import { statusBroadcast } from '../addresses.ts';
import { albumContent, albumMember, contentOf } from '../content.ts';
import type { ContentInput, Message } from '../types.ts';
import type { WorldCore } from '../world.ts';
import { peerOf } from './hand-views.ts';

interface SendInput extends ContentInput {
  /** Number of the phone on which a person types. */
  from: string;
  /** Number of a person, id of a group or newsletter, or `status@broadcast`. */
  to: string;
  /** Id of the message that it answers. */
  quoted?: string | undefined;
  /** Makes a repeated call harmless; becomes WhatsApp's id of the message. */
  clientId?: string | undefined;
  /** Unix time, seconds. */
  t?: number | undefined;
}

interface HistoryInput {
  /** Two people; each gets a copy. */
  phone: string;
  peer: string;
  messages: { fromMe: boolean; text: string; t: number }[];
}

/** Messages that a person writes. */
export interface Writing {
  send(input: SendInput): Message;
  /** Writes past messages without ticks or notices to linked devices that are connected: for use before linking. */
  addHistory(input: HistoryInput): number;
}

export function createWriting(core: WorldCore): Writing {
  const { parts, delivery } = core;
  const { accounts, mailboxes, media, views, db } = parts;

  return {
    send(input) {
      const { from, to, quoted, clientId: id, t, album, plannedFor } = input;
      accounts.get(from);
      const address = { from, to: to === statusBroadcast ? to : peerOf(core, to), quoted, t };
      if (plannedFor !== undefined)
        return views.message(delivery.plan({ ...address, id, ...contentOf(input, media) }, plannedFor));
      if (album === undefined) return views.message(delivery.send({ ...address, id, ...contentOf(input, media) }));
      return db.transaction(() => {
        const wrapper = delivery.send({ ...address, id, ...albumContent(album) });
        for (const file of album) {
          const content = contentOf({ media: file, attributes: albumMember(wrapper.id) }, media);
          delivery.send({ ...address, ...content });
        }
        return views.message(wrapper);
      });
    },
    addHistory({ phone, peer, messages }) {
      accounts.get(phone);
      const other = peerOf(core, peer);
      return db.transaction(() => {
        for (const { fromMe, text, t } of messages) {
          const row = delivery.send({
            from: fromMe ? phone : other,
            to: fromMe ? other : phone,
            type: 'chat',
            text,
            t,
          });
          if (row.ack < 3)
            for (const copy of mailboxes.copies(row.id)) mailboxes.update(copy.seq, { ack: 3, on_phone: 1 });
        }
        mailboxes.changeChat(phone, other, { unread: 0 });
        mailboxes.changeChat(other, phone, { unread: 0 });
        return messages.length;
      });
    },
  };
}

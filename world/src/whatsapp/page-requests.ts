import type { ZodType } from 'zod';
import { kindOf, statusBroadcast } from './addresses.ts';
import type { Amendments } from './amendments.ts';
import type { Delivery } from './delivery.ts';
import { WhatsAppRefusal } from './errors.ts';
import type { Linking } from './linking.ts';
import { mediaIdOf } from './media-store.ts';
import type { WorldParts } from './parts.ts';
import { nackFor, restrictionsOf, type Nack } from './restrictions.ts';
import type { Receipts } from './receipts.ts';
import { requestSchemas as schemas, type Done, type RequestName, type RequestResults } from './requests.ts';
import type { ServerFrame } from './wire.ts';

type Outcome<Result = unknown> =
  | { kind: 'answer'; result: Result }
  | { kind: 'refused'; status: number; message: string }
  /** The request never reached WhatsApp: no answer will come. */
  | { kind: 'lost' };

export interface PageRequests {
  handle(request: { device: string; phone: string | undefined; name: string; params: unknown }): Outcome;
}

interface Caller {
  device: string;
  /** Number of the linked phone. */
  phone: string;
}

type Handler<Result> = (params: unknown, caller: Caller) => Outcome<Result>;
type Handlers = { [Name in RequestName]: Handler<RequestResults[Name]> };

interface Dependencies {
  parts: WorldParts;
  linking: Linking;
  delivery: Delivery;
  receipts: Receipts;
  amendments: Amendments;
  broadcast: (phone: string, frame: ServerFrame) => void;
  unlink: (device: string, why: string) => void;
}

/** Before a device is linked it can ask for these alone. */
const unlinkedRequests = new Set<RequestName>([
  'pairing-code',
  'unlink',
  'passkey-answer',
  'passkey-declined',
  'code-confirmed',
]);

const newest = { t: Number.MAX_SAFE_INTEGER, seq: Number.MAX_SAFE_INTEGER };

export function createPageRequests(dependencies: Dependencies): PageRequests {
  const { parts, linking, delivery, receipts, amendments, broadcast, unlink } = dependencies;
  const { accounts, devices, mailboxes, views, faults, events } = parts;

  function peerOf(id: string): string {
    const peer = views.peerOf(id);
    if (peer === undefined) throw new WhatsAppRefusal('not-found', `${id} is nobody on WhatsApp.`);
    return peer;
  }

  /** `true_5511…@c.us_3EB0…_participant`: the third part is the id that every phone shares. */
  function refOf(phone: string, key: string): { phone: string; peer: string; id: string } {
    const [, remote = '', id = ''] = key.split('_');
    return { phone, peer: peerOf(remote), id };
  }

  function changeContact({ phone, id, change }: { phone: string; id: string; change: (number: string) => void }): void {
    const number = peerOf(id);
    change(number);
    const contact = views.wireContact(phone, number);
    if (contact !== null) parts.notes.post(phone, { type: 'contact', contact });
  }

  /** Devices that have asked for the status of others. */
  const statusReaders = new Set<string>();

  /** @throws WhatsAppRefusal nack */
  function refuseWhereForbidden(phone: string, peer: string): void {
    if (kindOf(peer) !== 'user' || peer === phone) return;
    const nack = nackFor(restrictionsOf(faults.of(phone), parts.now()), mailboxes.heardFrom(phone, peer));
    if (nack !== undefined) throw new Nacked(nack);
  }

  /** As it was stored: what the page has may be no time at all. */
  function timeOf({ seq, t }: { seq: number; t?: number | undefined }): number {
    return mailboxes.bySeq(seq)?.t ?? Math.floor(t ?? newest.t);
  }

  const handlers: Handlers = {
    'pairing-code': asking(schemas['pairing-code'], ({ phone }, { device }) => ({
      code: linking.requestPairingCode(device, phone),
    })),
    introduce: doing(schemas.introduce, (name, { device }) => devices.introduce(device, name)),
    'passkey-answer': doing(schemas['passkey-answer'], ({ credential }, { device }) => {
      // Its outcome is a frame of its own.
      void linking.gate.answer(device, credential);
    }),
    'passkey-declined': doing(schemas['passkey-declined'], ({ why }, { device }) => linking.gate.decline(device, why)),
    'code-confirmed': doing(schemas['code-confirmed'], (_params, { device }) => linking.gate.confirmCode(device)),
    // The connection does it, once this is answered.
    unlink: doing(schemas.unlink, () => {}),
    exists: asking(schemas.exists, ({ id }, { phone }) => {
      const number = accounts.findById(id)?.number;
      return { contact: number === undefined ? null : views.wireContact(phone, number) };
    }),
    send: asking(schemas.send, (params, { device, phone }) => {
      if (faults.of(phone).dropSends) return 'lost';
      const [, remote = '', id = ''] = params.key.split('_');
      const { type, text, t, forwarded, extra } = params;
      const media = params.media === null ? undefined : mediaIdOf(params.media.directPath);
      const quoted = params.quoted ?? undefined;
      const content = { type, text, t, forwarded, extra, media, quoted };
      const to = peerOf(params.chat);
      refuseWhereForbidden(phone, to);
      if (faults.of(phone).failSends === 'nack') throw new WhatsAppRefusal('conflict', 'WhatsApp refuses the message.');
      const { seq } = delivery.send({ from: phone, to, id, remote, device, ...content });
      return faults.of(phone).maxAck === 0 ? 'lost' : { seq };
    }),
    history: asking(schemas.history, ({ chat, before, limit, direction }, { device, phone }) => {
      if (peerOf(chat) === statusBroadcast) statusReaders.add(device);
      const from = before === null ? newest : { seq: before.seq, t: timeOf(before) };
      const place = { phone, peer: peerOf(chat), ...from, limit };
      const rows = direction === 'after' ? mailboxes.after(place) : mailboxes.before(place);
      return { messages: rows.map((row) => views.wireMessage(row)) };
    }),
    messages: asking(schemas.messages, ({ keys }, { phone }) => {
      const rows = keys.flatMap((key) => {
        const [, , id = ''] = key.split('_');
        return mailboxes.messagesById(phone, id).filter((row) => views.key(row) === key);
      });
      return { messages: rows.map((row) => views.wireMessage(row)) };
    }),
    search: asking(schemas.search, ({ text, chat, page, limit }, { phone }) => {
      const peer = chat === null ? null : peerOf(chat);
      const rows = mailboxes.search({ phone, peer, text, limit, offset: (page - 1) * limit });
      return { messages: rows.map((row) => views.wireMessage(row)) };
    }),
    'scheduled-reload': asking(schemas['scheduled-reload'], (_params, { device, phone }) => {
      if (!faults.of(phone).revokeAfterStatusRead || !statusReaders.has(device)) return { goesOn: true };
      statusReaders.delete(device);
      unlink(device, 'it had read the status');
      return { goesOn: false };
    }),
    seen: doing(schemas.seen, ({ chat }, { phone }) => receipts.read(phone, peerOf(chat))),
    'mark-unread': doing(schemas['mark-unread'], ({ chat }, { phone }) => receipts.markUnread(phone, peerOf(chat))),
    'chat-state': doing(schemas['chat-state'], ({ chat, state }, { phone }) => {
      const peer = peerOf(chat);
      events.record({ kind: 'typing', phone: peer, data: { peer: phone, state } });
      if (accounts.find(peer) === undefined) return;
      broadcast(peer, { t: 'chat-state', chat: views.idOf(peer, phone), state });
    }),
    presence: doing(schemas.presence, (presence, { phone }) => {
      events.record({ kind: 'presence', phone, data: presence });
    }),
    react: doing(schemas.react, ({ key, emoji }, { phone }) => amendments.react(refOf(phone, key), emoji)),
    vote: doing(schemas.vote, ({ key, options }, { phone }) => {
      const ref = refOf(phone, key);
      const poll = mailboxes.message(ref.phone, ref.peer, ref.id);
      const texts = poll === undefined ? [] : views.pollOptions(poll);
      amendments.vote(
        ref,
        options.flatMap((place) => texts[place] ?? []),
      );
    }),
    votes: asking(schemas.votes, ({ key }, { phone }) => {
      const ref = refOf(phone, key);
      const poll = mailboxes.message(ref.phone, ref.peer, ref.id);
      return { votes: poll === undefined ? [] : views.wireVotes(poll) };
    }),
    edit: doing(schemas.edit, ({ key, text }, { phone }) => amendments.edit(refOf(phone, key), text)),
    revoke: doing(schemas.revoke, ({ key }, { phone }) => amendments.revoke(refOf(phone, key))),
    delete: doing(schemas.delete, ({ key }, { phone }) => amendments.remove(refOf(phone, key))),
    star: doing(schemas.star, ({ key, starred }, { phone }) => amendments.star(refOf(phone, key), starred)),
    'chat-settings': doing(schemas['chat-settings'], ({ chat, archived, pinned, muteExpiration }, { phone }) => {
      amendments.changeChat(phone, peerOf(chat), {
        ...(archived === undefined ? {} : { archived: archived ? 1 : 0 }),
        ...(pinned === undefined ? {} : { pinned: pinned ? 1 : 0 }),
        ...(muteExpiration === undefined ? {} : { mute_expiration: muteExpiration }),
      });
    }),
    'clear-chat': doing(schemas['clear-chat'], ({ chat }, { phone }) => amendments.clearChat(phone, peerOf(chat))),
    'delete-chat': doing(schemas['delete-chat'], ({ chat }, { phone }) => amendments.deleteChat(phone, peerOf(chat))),
    'save-contact': doing(schemas['save-contact'], ({ id, name }, { phone }) => {
      changeContact({ phone, id, change: (number) => accounts.saveContact(phone, number, name) });
    }),
    block: doing(schemas.block, ({ id, blocked }, { phone }) => {
      changeContact({ phone, id, change: (number) => accounts.block(phone, number, blocked) });
    }),
    about: asking(schemas.about, ({ id }) => ({ about: accounts.findById(id)?.about ?? null })),
    'set-about': doing(schemas['set-about'], ({ about }, { phone }) => void accounts.change(phone, { about })),
    'set-name': doing(schemas['set-name'], ({ name }, { phone }) => void accounts.change(phone, { name })),
  };

  return {
    handle({ device, phone, name, params }) {
      if (!isRequestName(name)) return { kind: 'refused', status: 400, message: `There is no request ${name}.` };
      if (phone === undefined && !unlinkedRequests.has(name)) {
        return { kind: 'refused', status: 401, message: 'This device is not linked.' };
      }
      try {
        return handlers[name](params, { device, phone: phone ?? '' });
      } catch (error) {
        if (error instanceof Nacked) return { kind: 'refused', status: error.status, message: error.message };
        if (!(error instanceof WhatsAppRefusal)) throw error;
        return { kind: 'refused', status: error.status, message: error.message };
      }
    },
  };
}

/** The server takes the message and says no. */
class Nacked extends Error {
  override readonly name = 'Nacked';
  readonly status: Nack;

  constructor(status: Nack) {
    super(`WhatsApp refuses the message: ${status}.`);
    this.status = status;
  }
}

function asking<Params, Result>(
  schema: ZodType<Params>,
  work: (params: Params, caller: Caller) => Result | 'lost',
): Handler<Result> {
  return (input, caller) => {
    const params = schema.safeParse(input);
    if (!params.success) return { kind: 'refused', status: 400, message: params.error.message };
    const result = work(params.data, caller);
    return result === 'lost' ? { kind: 'lost' } : { kind: 'answer', result };
  };
}

function doing<Params>(schema: ZodType<Params>, work: (params: Params, caller: Caller) => void): Handler<Done> {
  return asking(schema, (params, caller) => {
    work(params, caller);
    return {};
  });
}

function isRequestName(name: string): name is RequestName {
  return Object.hasOwn(schemas, name);
}

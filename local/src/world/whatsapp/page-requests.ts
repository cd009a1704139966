import type { Amendments } from './amendments.ts';
import type { Delivery } from './delivery.ts';
import { WhatsAppRefusal } from './errors.ts';
import type { Linking } from './linking.ts';
import { mediaIdOf } from './media-store.ts';
import type { WorldParts } from './parts.ts';
import type { Receipts } from './receipts.ts';
import { requestSchemas, type RequestName, type RequestParams, type RequestResults } from './requests.ts';
import type { ServerFrame } from './wire.ts';

export type Outcome =
  | { kind: 'answer'; result: unknown }
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

type Handlers = {
  [Name in RequestName]: (params: RequestParams<Name>, caller: Caller) => RequestResults[Name] | 'lost';
};

interface Dependencies {
  parts: WorldParts;
  linking: Linking;
  delivery: Delivery;
  receipts: Receipts;
  amendments: Amendments;
  broadcast: (phone: string, frame: ServerFrame) => void;
}

/** Before a device is linked it can ask for these alone. */
const unlinkedRequests = new Set<RequestName>(['refresh-ref', 'pairing-code', 'unlink']);

export function createPageRequests(dependencies: Dependencies): PageRequests {
  const { parts, linking, delivery, receipts, amendments, broadcast } = dependencies;
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

  const handlers: Handlers = {
    'refresh-ref': (_params, { device }) => (linking.refresh(device), null),
    'pairing-code': ({ phone }, { device }) => ({ code: linking.requestPairingCode(device, phone) }),
    introduce: (name, { device }) => (devices.introduce(device, name), null),
    unlink: () => null,
    exists({ id }, { phone }) {
      const number = accounts.findById(id)?.number;
      return { contact: number === undefined ? null : views.wireContact(phone, number) };
    },
    send(params, { device, phone }) {
      if (faults.of(phone).dropSends) return 'lost';
      const [, remote = '', id = ''] = params.key.split('_');
      const media = params.media === null ? undefined : mediaIdOf(params.media.directPath);
      const { type, text, t, forwarded, extra } = params;
      const quoted = params.quoted ?? undefined;
      const to = peerOf(params.chat);
      const row = delivery.send({
        from: phone,
        to,
        type,
        text,
        t,
        id,
        remote,
        media,
        quoted,
        forwarded,
        extra,
        device,
      });
      return { seq: row.seq };
    },
    history({ chat, before, limit }, { phone }) {
      const from = before ?? { t: Number.MAX_SAFE_INTEGER, seq: Number.MAX_SAFE_INTEGER };
      const rows = mailboxes.before({ phone, peer: peerOf(chat), ...from, limit });
      return { messages: rows.map((row) => views.wireMessage(row)) };
    },
    messages({ keys }, { phone }) {
      const rows = keys.flatMap((key) => {
        const [, , id = ''] = key.split('_');
        return mailboxes.messagesById(phone, id).filter((row) => views.key(row) === key);
      });
      return { messages: rows.map((row) => views.wireMessage(row)) };
    },
    search({ text, chat, page, limit }, { phone }) {
      const peer = chat === null ? null : peerOf(chat);
      const rows = mailboxes.search({ phone, peer, text, limit, offset: (page - 1) * limit });
      return { messages: rows.map((row) => views.wireMessage(row)) };
    },
    seen: ({ chat }, { phone }) => (receipts.read(phone, peerOf(chat)), null),
    'mark-unread': ({ chat }, { phone }) => (receipts.markUnread(phone, peerOf(chat)), null),
    'chat-state'({ chat, state }, { phone }) {
      const peer = peerOf(chat);
      events.record({ kind: 'typing', phone: peer, data: { peer: phone, state } });
      if (accounts.find(peer) !== undefined) {
        broadcast(peer, { t: 'chat-state', chat: views.idOf(peer, phone), state });
      }
      return null;
    },
    presence({ available }, { phone }) {
      events.record({ kind: 'presence', phone, data: { available } });
      return null;
    },
    react: ({ key, emoji }, { phone }) => (amendments.react(refOf(phone, key), emoji), null),
    edit: ({ key, text }, { phone }) => (amendments.edit(refOf(phone, key), text), null),
    revoke: ({ key }, { phone }) => (amendments.revoke(refOf(phone, key)), null),
    delete: ({ key }, { phone }) => (amendments.remove(refOf(phone, key)), null),
    star: ({ key, starred }, { phone }) => (amendments.star(refOf(phone, key), starred), null),
    'chat-settings'({ chat, archived, pinned, muteExpiration }, { phone }) {
      amendments.changeChat(phone, peerOf(chat), {
        ...(archived === undefined ? {} : { archived: archived ? 1 : 0 }),
        ...(pinned === undefined ? {} : { pinned: pinned ? 1 : 0 }),
        ...(muteExpiration === undefined ? {} : { mute_expiration: muteExpiration }),
      });
      return null;
    },
    'clear-chat': ({ chat }, { phone }) => (amendments.clearChat(phone, peerOf(chat)), null),
    'delete-chat': ({ chat }, { phone }) => (amendments.deleteChat(phone, peerOf(chat)), null),
    'save-contact'({ id, name }, { phone }) {
      accounts.saveContact(phone, peerOf(id), name);
      tellContact(phone, peerOf(id));
      return null;
    },
    block({ id, blocked }, { phone }) {
      accounts.block(phone, peerOf(id), blocked);
      tellContact(phone, peerOf(id));
      return null;
    },
    about: ({ id }) => ({ about: accounts.findById(id)?.about ?? null }),
    'set-about': ({ about }, { phone }) => (accounts.change(phone, { about }), null),
    'set-name': ({ name }, { phone }) => (accounts.change(phone, { name }), null),
  };

  function tellContact(phone: string, number: string): void {
    const contact = views.wireContact(phone, number);
    if (contact !== null) parts.notes.post(phone, { type: 'contact', contact });
  }

  function run<Name extends RequestName>(name: Name, params: unknown, caller: Caller): Outcome {
    const parsed = requestSchemas[name].safeParse(params);
    if (!parsed.success) return { kind: 'refused', status: 400, message: parsed.error.message };
    const handler: Handlers[Name] = handlers[name];
    const result = handler(parsed.data as RequestParams<Name>, caller);
    return result === 'lost' ? { kind: 'lost' } : { kind: 'answer', result };
  }

  return {
    handle({ device, phone, name, params }) {
      if (!isRequestName(name)) return { kind: 'refused', status: 400, message: `There is no request ${name}.` };
      if (phone === undefined && !unlinkedRequests.has(name)) {
        return { kind: 'refused', status: 401, message: 'This device is not linked.' };
      }
      try {
        return run(name, params, { device, phone: phone ?? '' });
      } catch (error) {
        if (!(error instanceof WhatsAppRefusal)) throw error;
        return { kind: 'refused', status: error.status, message: error.message };
      }
    },
  };
}

function isRequestName(name: string): name is RequestName {
  return Object.hasOwn(requestSchemas, name);
}

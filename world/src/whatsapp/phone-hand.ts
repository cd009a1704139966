import type { PasskeyCredential } from '@top-active/core/contracts';
import { albumContent, albumMember, contentOf } from './content.ts';
import { statusBroadcast } from './addresses.ts';
import type { PhoneChanges, PhoneInput } from './accounts.ts';
import { WhatsAppRefusal } from './errors.ts';
import { applyFaultAction } from './fault-actions.ts';
import type { FaultAction, Faults } from './faults.ts';
import type { PageChanges, PageSettings } from './page-settings.ts';
import { withEnds } from './restrictions.ts';
import type { Room } from './rooms.ts';
import { overlaysOf } from './snapshot.ts';
import type { Chat, ContentInput, Message, Phone, PhoneState, WorldEvent } from './types.ts';
import type { WorldCore } from './world.ts';

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

/** As an authenticator takes it: ids in base64url, the key as PKCS#8 in base64. */
interface PhonePasskey {
  rpId: 'whatsapp.com';
  id: string;
  userHandle: string;
  privateKey: string;
}

/** What people do with the simulated phones, and what a test does to the world. */
export interface PhoneHand {
  addPhone(input: PhoneInput): PhoneState;
  phones(): PhoneState[];
  /** @throws WhatsAppRefusal not-found */
  phone(number: string): PhoneState;
  changePhone(number: string, changes: PhoneChanges): PhoneState;
  /** The person changes the number and keeps the phone. @throws WhatsAppRefusal not-found, conflict */
  changeNumber(number: string, to: string): PhoneState;
  saveContact(phone: string, contact: { number: string; name: string | null }): void;
  blockContact(phone: string, contact: { number: string; blocked: boolean }): void;
  chats(phone: string): Chat[];
  /** In order of storage, after a cursor; or the newest ones where there is no cursor. */
  messages(options: { phone: string; peer: string; after?: number | undefined; limit?: number | undefined }): Message[];
  /** Everything the phone received, whatever the chat. */
  received(options: { phone: string; after?: number | undefined; limit?: number | undefined }): Message[];
  mediaBytes(id: string): { mimetype: string; filename: string | null; bytes: Uint8Array } | undefined;

  send(input: SendInput): Message;
  /** Writes past messages without ticks or notices to linked devices that are connected: for use before linking. */
  addHistory(input: HistoryInput): number;
  read(phone: string, peer: string): void;
  typing(input: { phone: string; to: string; state: 'composing' | 'recording' | 'paused' }): void;
  react(input: { phone: string; peer: string; id: string; emoji: string }): void;
  /** What was planned on the phone is sent now, or never. @throws WhatsAppRefusal not-found, conflict */
  endPlan(input: { phone: string; peer: string; id: string; how: 'send' | 'cancel' }): void;
  /** The linked devices of the phone can decrypt the message at last. @throws WhatsAppRefusal not-found, conflict */
  unseal(input: { phone: string; peer: string; id: string }): void;
  /**
   * On a poll of the chat: options by their texts, none to take the vote back.
   * @throws WhatsAppRefusal not-found, invalid
   */
  vote(input: { phone: string; peer: string; id: string; options: string[] }): void;
  edit(input: { phone: string; peer: string; id: string; text: string }): void;
  revoke(input: { phone: string; peer: string; id: string }): void;
  createRoom(room: { kind: Room['kind']; name: string; owner: string; members: string[] }): Room;
  rooms(): Room[];

  /** @throws WhatsAppRefusal invalid, conflict, expired, not-found */
  scan(phone: string, qr: string): { device: string };
  enterPairingCode(phone: string, code: string): { device: string };
  /** The passkey of the phone's owner, to be put into an authenticator. */
  passkey(phone: string): PhonePasskey;
  /** Signs a challenge as the owner's authenticator would on WhatsApp's site. */
  signPasskey(phone: string, challenge: string): PasskeyCredential;
  /** The code that the phone shows while a device is being linked. */
  linkCode(phone: string): string | null;
  /** The owner sees that the page shows another code. */
  refuseLinkCode(phone: string): void;
  /** The owner taps "log out" on the phone. Without `device`: all of them. */
  unlinkDevices(phone: string, device?: string): number;

  faults(): { world: Faults; phones: Record<string, Partial<Faults>> };
  setFaults(changes: Partial<Faults>, phone?: string): Faults;
  clearFaults(phone?: string): void;
  /** Returns how many connected pages it reached. */
  act(phone: string, action: FaultAction): number;
  /** Which shape of WhatsApp's page is served. */
  page(): PageSettings;
  /** The next document that is loaded meets it. What isn't named stays. */
  setPage(changes: PageChanges): PageSettings;

  events(options?: { after?: number; limit?: number; phone?: string | undefined }): WorldEvent[];
  lastEvent(): number;
  subscribe(listener: (event: WorldEvent) => void): () => void;
  /** Modules that the library asked for and the page doesn't have, since the start. */
  missingModules(): string[];
}

export function createPhoneHand(core: WorldCore): PhoneHand {
  const { parts, linking, delivery, receipts, amendments, renumbering, connections } = core;
  const { accounts, devices, mailboxes, media, rooms, notes, faults, events, views, db } = parts;

  function stateOf(phone: Phone): PhoneState {
    const linked = devices.of(phone.number).map((device) => ({
      id: device.id,
      os: device.os,
      browser: device.browser,
      linkedAt: device.linked_at,
      seenAt: device.seen_at,
      connected: connections.connected(device.id),
      waiting: notes.waiting({ phone: phone.number, device: device.id, seq: device.confirmed }),
    }));
    const { passkeyAtLinking, compareCode } = faults.of(phone.number);
    const asked = {
      asksPasskey: passkeyAtLinking,
      asksCode: compareCode,
      challenge: linking.gate.challengeOf(phone.number),
      code: linking.gate.codeOf(phone.number),
    };
    return { ...phone, devices: linked, linking: asked, ...mailboxes.counts(phone.number) };
  }

  /** A chat may be named by number, by `@c.us` or `@lid` id, or by a room's id. */
  function peerOf(peer: string): string {
    const known = peer.includes('@') ? views.peerOf(peer) : accounts.findById(`${peer}@c.us`)?.number;
    if (known === undefined) throw new WhatsAppRefusal('not-found', `${peer} is nobody on WhatsApp.`);
    return known;
  }

  function send(input: SendInput): Message {
    const { from, to, quoted, clientId: id, t } = input;
    accounts.get(from);
    const address = { from, to: to === statusBroadcast ? to : peerOf(to), quoted, t };
    const { album, plannedFor } = input;
    if (plannedFor !== undefined) {
      return views.message(delivery.plan({ ...address, id, ...contentOf(input, media) }, plannedFor));
    }
    if (album === undefined) return views.message(delivery.send({ ...address, id, ...contentOf(input, media) }));
    return db.transaction(() => {
      const wrapper = delivery.send({ ...address, id, ...albumContent(album) });
      for (const file of album) {
        const content = contentOf({ media: file, attributes: albumMember(wrapper.id) }, media);
        delivery.send({ ...address, ...content });
      }
      return views.message(wrapper);
    });
  }

  function addHistory({ phone, peer, messages }: HistoryInput): number {
    accounts.get(phone);
    const other = peerOf(peer);
    return db.transaction(() => {
      for (const { fromMe, text, t } of messages) {
        const row = delivery.send({ from: fromMe ? phone : other, to: fromMe ? other : phone, type: 'chat', text, t });
        if (row.ack < 3)
          for (const copy of mailboxes.copies(row.id)) mailboxes.update(copy.seq, { ack: 3, on_phone: 1 });
      }
      for (const [one, two] of [
        [phone, other],
        [other, phone],
      ] as const)
        mailboxes.changeChat(one, two, { unread: 0 });
      return messages.length;
    });
  }

  return {
    addPhone: (input) => stateOf(accounts.add(input)),
    phones: () => accounts.list().map(stateOf),
    phone: (number) => stateOf(accounts.get(number)),
    changePhone(number, changes) {
      const before = accounts.get(number);
      const after = accounts.change(number, changes);
      if (!before.online && after.online) receipts.comeOnline(number);
      if (before.addressing !== after.addressing)
        for (const { number: viewer } of accounts.list())
          if (mailboxes.chat(viewer, number)) amendments.changeId(viewer, number, after.addressing);
      return stateOf(after);
    },
    changeNumber: (number, to) => stateOf(renumbering.change(number, to)),
    saveContact(phone, { number, name }) {
      accounts.get(phone);
      accounts.saveContact(phone, peerOf(number), name);
      tellContact(phone, peerOf(number));
    },
    blockContact(phone, { number, blocked }) {
      accounts.get(phone);
      accounts.block(phone, peerOf(number), blocked);
      tellContact(phone, peerOf(number));
    },
    chats(phone) {
      accounts.get(phone);
      return mailboxes.chats(phone).map((row) => views.chat(row));
    },
    messages({ phone, peer, after, limit = 50 }) {
      accounts.get(phone);
      const chat = { phone, peer: peerOf(peer), limit };
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
    send,
    addHistory,
    read(phone, peer) {
      accounts.get(phone);
      receipts.read(phone, peerOf(peer));
    },
    typing({ phone, to, state }) {
      accounts.get(phone);
      const peer = peerOf(to);
      events.record({ kind: 'typing', phone: peer, data: { peer: phone, state } });
      connections.broadcast(peer, { t: 'chat-state', chat: views.idOf(peer, phone), state });
    },
    react: ({ phone, peer, id, emoji }) => amendments.react({ phone, peer: peerOf(peer), id }, emoji),
    endPlan({ phone, peer, id, how }) {
      const ref = { phone, peer: peerOf(peer), id };
      const row = mailboxes.message(ref.phone, ref.peer, id);
      if (row === undefined) throw new WhatsAppRefusal('not-found', `${phone} has no message ${id} in that chat.`);
      if (how === 'send') delivery.release(row);
      else amendments.remove(ref);
    },
    unseal: ({ phone, peer, id }) => amendments.unseal({ phone, peer: peerOf(peer), id }),
    vote: ({ phone, peer, id, options }) => amendments.vote({ phone, peer: peerOf(peer), id }, options),
    edit: ({ phone, peer, id, text }) => amendments.edit({ phone, peer: peerOf(peer), id }, text),
    revoke: ({ phone, peer, id }) => amendments.revoke({ phone, peer: peerOf(peer), id }),
    createRoom(room) {
      for (const number of [room.owner, ...room.members]) accounts.get(number);
      return rooms.create(room);
    },
    rooms: () => rooms.list(),
    passkey(number) {
      const { id, userHandle, privateKey } = parts.passkeys.of(accounts.get(number).number);
      return { rpId: 'whatsapp.com', id, userHandle, privateKey };
    },
    signPasskey: (number, challenge) => parts.passkeys.sign(accounts.get(number).number, challenge),
    linkCode: (number) => linking.gate.codeOf(accounts.get(number).number),
    refuseLinkCode: (number) => linking.gate.refuseCode(accounts.get(number).number),
    scan: (phone, qr) => linking.scan(phone, qr),
    enterPairingCode: (phone, code) => linking.enterPairingCode(phone, code),
    unlinkDevices(phone, device) {
      accounts.get(phone);
      const ids = devices
        .of(phone)
        .map((row) => row.id)
        .filter((id) => device === undefined || id === device);
      for (const id of ids) connections.unlink(id, 'on the phone');
      return ids.length;
    },
    faults: () => faults.overview(),
    setFaults(changes, phone) {
      if (phone !== undefined) accounts.get(phone);
      const set = faults.set(withEnds(changes, parts.now()), phone);
      tellOverlays(phone);
      return set;
    },
    clearFaults(phone) {
      faults.clear(phone);
      tellOverlays(phone);
    },
    act(phone, action) {
      accounts.get(phone);
      return applyFaultAction(core, { phone, action, peerOf });
    },
    page: () => parts.page.get(),
    setPage: (changes) => parts.page.set(changes),
    events: ({ after = 0, limit = 500, phone } = {}) => events.read({ after, limit, phone }),
    lastEvent: () => events.last(),
    subscribe: (listener) => events.subscribe(listener),
    missingModules: () => connections.missingModules(),
  };

  /** Linked pages hear of what lies over them at once. */
  function tellOverlays(phone: string | undefined): void {
    const phones = phone === undefined ? accounts.list().map(({ number }) => number) : [phone];
    for (const number of phones) connections.broadcast(number, { t: 'overlays', overlays: overlaysOf(parts, number) });
    if (phone !== undefined) tellAcquaintances(phone);
  }

  /** Others see the phone by another id or name now. */
  function tellAcquaintances(number: string): void {
    for (const { number: viewer } of accounts.list()) if (mailboxes.chat(viewer, number)) tellContact(viewer, number);
  }

  function tellContact(phone: string, number: string): void {
    const contact = views.wireContact(phone, number);
    if (contact !== null) notes.post(phone, { type: 'contact', contact });
    // A chat is called as its person is.
    const chat = mailboxes.chat(phone, number);
    if (chat !== undefined) notes.post(phone, { type: 'chat', chat: views.bareChat(chat) });
  }
}

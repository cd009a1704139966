import { overlaysOf } from '../snapshot.ts';
import type { WorldCore } from '../world.ts';

/** The phone's linked pages hear of a contact as it is now. */
export function tellContact({ parts }: WorldCore, phone: string, number: string): void {
  const { views, notes, mailboxes } = parts;
  const contact = views.wireContact(phone, number);
  if (contact !== null) notes.post(phone, { type: 'contact', contact });
  // A chat is called as its person is.
  const chat = mailboxes.chat(phone, number);
  if (chat !== undefined) notes.post(phone, { type: 'chat', chat: views.bareChat(chat) });
}

/** Linked pages hear of what lies over them at once: of one phone, or of all. */
export function tellOverlays(core: WorldCore, phone: string | undefined): void {
  const { parts, connections } = core;
  const phones = phone === undefined ? parts.accounts.list().map(({ number }) => number) : [phone];
  for (const number of phones) connections.broadcast(number, { t: 'overlays', overlays: overlaysOf(parts, number) });
  if (phone !== undefined) tellAcquaintances(core, phone);
}

/** Others see the phone by another id or name now. */
function tellAcquaintances(core: WorldCore, number: string): void {
  const { accounts, mailboxes } = core.parts;
  for (const { number: viewer } of accounts.list())
    if (mailboxes.chat(viewer, number)) tellContact(core, viewer, number);
}

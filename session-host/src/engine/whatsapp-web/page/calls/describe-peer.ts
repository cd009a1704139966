import type { Page } from 'puppeteer';
import { z } from 'zod';
import type { PeerDescription } from '../../../engine.ts';
import { withDeadline } from '../../../with-deadline.ts';
import { clip, maxNameLength } from '../../messages/clip.ts';
import type { Contact, Wid } from '../page-modules.ts';
import type { PreludeWindow } from '../repair-context.ts';

declare const window: PreludeWindow;

const timeoutMs = 15_000;

const nameSchema = z.string().catch('');
const personSchema = z.object({ newer: z.array(z.string()), others: z.array(z.string()), name: nameSchema });

/**
 * Who somebody is, as far as WhatsApp tells. A person may be looked up at WhatsApp, once for each that the page doesn't
 * know.
 */
export async function describePeer(page: Page, peer: string): Promise<PeerDescription> {
  return withDeadline(
    peer.endsWith('@g.us') ? describeGroup(page, peer) : describePerson(page, peer),
    timeoutMs,
    'Looking up a peer',
  );
}

async function describeGroup(page: Page, peer: string): Promise<PeerDescription> {
  const name = await page.evaluate((id) => {
    const chat = window.__topActive?.findChat(id);
    return chat?.formattedTitle ?? chat?.name ?? '';
  }, peer);
  return { waIds: [peer], name: clip(nameSchema.parse(name), maxNameLength), isGroup: true };
}

/**
 * A person has a phone number id (`@c.us`) and a hidden id (`@lid`), and is met under either; who has changed the
 * number, also under the old ones. A person who is known by a username may have no number that anybody knows: the
 * digits of a hidden id are none.
 */
async function describePerson(page: Page, peer: string): Promise<PeerDescription> {
  const { newer, others, name } = personSchema.parse(await page.evaluate(describeInPage, peer));
  const [first = peer, ...rest] = new Set([...newer, peer, ...others]);
  const waIds: PeerDescription['waIds'] = [first, ...rest];
  const phoneId = waIds.find((id) => id.endsWith('@c.us'));
  return { waIds, name: clip(name, maxNameLength), phone: phoneId?.slice(0, -'@c.us'.length), isGroup: false };
}

/** Runs in the page. What one module doesn't tell any more, another may. */
async function describeInPage(peer: string) {
  const need = window.__topActive?.need;
  const wid = need?.('WAWebWidFactory')?.createWid?.(peer);
  if (!need || !wid) throw new Error("WhatsApp's page has no createWid");

  const findOther = () => {
    const ids = need('WAWebApiContact');
    return wid.server === 'lid' ? ids?.getPhoneNumber?.(wid) : ids?.getCurrentLid?.(wid);
  };
  const tried = <T>(ask: () => T): T | undefined => {
    try {
      return ask();
    } catch {
      // One way of several to an id or a name.
      return undefined;
    }
  };

  let other = tried(findOther);
  if (!other) {
    // Where WhatsApp tells nothing, what the page knows has to do.
    await need('WAWebQueryExistsJob')
      ?.queryWidExists?.(wid)
      .catch(() => undefined);
    other = tried(findOther);
  }
  const textOf = (id: Wid | string): string => (typeof id === 'string' ? id : `${id.user}@${id.server}`);
  const own = new Set([peer, ...(other ? [textOf(other)] : [])]);
  const newer: string[] = [];
  const older: string[] = [];
  for (const { id, changeNumberNewJid: next, changeNumberOldJid: last } of need(
    'WAWebCollections',
  )?.Chat?.getModelsArray?.() ?? []) {
    if (own.has(textOf(id))) {
      if (next) newer.push(textOf(next));
      if (last) older.push(textOf(last));
    } else if (next && own.has(textOf(next))) older.push(textOf(id));
  }
  const findContact = async (): Promise<Contact | undefined> => {
    const contacts = need('WAWebCollections')?.Contact;
    const known = contacts?.get?.(wid) ?? (other ? contacts?.get?.(other) : undefined);
    // Of somebody whom the page can't find it knows the id, which is all that a chat needs.
    return known ?? (await contacts?.find?.(wid).catch(() => undefined));
  };
  const contact = await findContact();
  const getters = need('WAWebContactGetters');
  const names = contact
    ? [
        () => getters?.getName?.(contact),
        () => contact.name,
        () => getters?.getVerifiedName?.(contact),
        () => contact.verifiedName,
        () => getters?.getPushname?.(contact),
        () => contact.pushname,
        () => contact.username,
      ]
    : [];
  const name = names.map((ask) => tried(ask)).find((found) => typeof found === 'string' && found !== '');
  return { newer, others: [...own, ...older], name: name ?? '' };
}

import type { Page } from 'puppeteer';
import { z } from 'zod';
import type { PeerDescription } from '../../../engine.ts';
import { withDeadline } from '../../../with-deadline.ts';
import { clip, maxNameLength } from '../../messages/clip.ts';
import type { Contact } from '../page-modules.ts';
import type { PreludeWindow } from '../repair-context.ts';

declare const window: PreludeWindow;

const timeoutMs = 15_000;

const nameSchema = z.string().catch('');
const personSchema = z.object({ others: z.array(z.string()), name: nameSchema });

/** Who somebody is, as far as WhatsApp tells. A person may be looked up at WhatsApp, once for each that the page doesn't know. */
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

/** A person has a phone number id (`@c.us`) and a hidden id (`@lid`), and is met under either. */
async function describePerson(page: Page, peer: string): Promise<PeerDescription> {
  const { others, name } = personSchema.parse(await page.evaluate(describeInPage, peer));
  const waIds: PeerDescription['waIds'] = [peer, ...others.filter((id) => id !== peer)];
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
      return undefined;
    }
  };

  let other = tried(findOther);
  if (!other) {
    await need('WAWebQueryExistsJob')?.queryWidExists?.(wid);
    other = tried(findOther);
  }
  const findContact = async (): Promise<Contact | undefined> => {
    const contacts = need('WAWebCollections')?.Contact;
    const known = contacts?.get?.(wid) ?? (other ? contacts?.get?.(other) : undefined);
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
      ]
    : [];
  const name = names.map((ask) => tried(ask)).find((found) => typeof found === 'string' && found !== '');
  return { others: other ? [`${other.user}@${other.server}`] : [], name: name ?? '' };
}

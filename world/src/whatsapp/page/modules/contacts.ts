import { wid, type Wid } from '../ids.ts';
import type { ContactModel } from '../models.ts';
import type { Modules } from '../registry.ts';
import type { ModuleContext } from './module-context.ts';

export function contactModules({ app }: ModuleContext): Modules {
  const { wire, identity } = app;

  /** The answer's id is the one by which this account knows the person: also for a number it may be the hidden one. */
  async function queryWidExists(id: Wid): Promise<{ wid: Wid; biz: boolean; bizInfo: undefined } | null> {
    const { contact } = await wire.request('exists', { id: wid(id).toString() });
    if (contact === null) return null;
    identity.learn(contact);
    return { wid: wid(contact.id), biz: contact.business, bizInfo: undefined };
  }

  async function saveContact({ phoneNumber, firstName, lastName }: Name): Promise<void> {
    const name = [firstName, lastName].filter((part) => part !== undefined && part !== '').join(' ');
    await wire.request('save-contact', { id: numberId(phoneNumber), name: name === '' ? null : name });
  }

  const block = (contact: ContactModel, blocked: boolean) =>
    wire.request('block', { id: contact.id.toString(), blocked });

  return {
    WAWebContactGetters: {
      getIsMe: (contact: ContactModel) => identity.isMe(contact.id),
      getIsUser: (contact: ContactModel) => contact.id.isUser(),
      getIsGroup: (contact: ContactModel) => contact.id.isGroup(),
      getIsWAContact: () => true,
      getUserid: (contact: ContactModel) => (contact.phoneNumber ?? contact.id).user,
      getVerifiedName: (contact: ContactModel) => (contact.isBusiness ? contact.pushname : undefined),
      getVerifiedLevel: () => undefined,
      getStatusMute: () => false,
      getName: (contact: ContactModel) => contact.name,
      getShortName: (contact: ContactModel) => contact.shortName,
      getPushname: (contact: ContactModel) => contact.pushname,
      getIsEnterprise: () => false,
      getUserhash: (contact: ContactModel) => hashOf(contact.id.user),
    },
    // Nobody's presence is told in this world but as typing.
    WAWebContactPresenceBridge: { subscribePresence: async (id: unknown) => void wid(id) },
    WAWebFrontendContactGetters: { getIsMyContact: (contact: ContactModel) => contact.name !== undefined },
    WAWebQueryExistsJob: { queryWidExists },
    WAWebContactStatusBridge: {
      getStatus: async ({ wid: id }: { wid: Wid }) => {
        const { about } = await wire.request('about', { id: wid(id).toString() });
        return { id: wid(id), status: about };
      },
      setMyStatus: (about: string) => wire.request('set-about', { about }),
    },
    WAWebBlockContactUtils: { getContactToBlockOnlyUseIfNoAssociatedChat: (contact: ContactModel) => contact },
    WAWebBlockContactAction: {
      blockContact: ({ contact }: { contact: ContactModel }) => block(contact, true),
      unblockContact: (contact: ContactModel) => block(contact, false),
    },
    WAWebSaveContactAction: { saveContactAction: saveContact },
    WAWebDeleteContactAction: {
      deleteContactAction: ({ phoneNumber }: { phoneNumber: unknown }) =>
        wire.request('save-contact', { id: numberId(phoneNumber), name: null }),
    },
    // Nobody has a picture in this world.
    WAWebContactProfilePicThumbBridge: { requestProfilePicFromServer: () => Promise.resolve(undefined) },
    WAWebApiDeviceList: {
      getDeviceIds: async (ids: Wid[]) => {
        const answers = await Promise.all(ids.map((id) => queryWidExists(id)));
        return answers.map((answer) => (answer === null ? null : { id: answer.wid, devices: [{ id: 0 }] }));
      },
    },
    WAWebFrontendVcardUtils: { vcardFromContactModel: (contact: ContactModel) => vcardOf(contact) },
    WAWebVcardParsingUtils: { parseVcard: (text: string) => parseVcard(text) },
    WAWebVcardGetNameFromParsed: { vcardGetNameFromParsed: (card: { name: string }) => card.name },
    WAWebBizGatingUtils: { smbNotesV1Enabled: () => false },
  };
}

/** A number from 0 to 1, which chooses the colour of a name. */
function hashOf(user: string): number {
  return Array.from(user, (digit) => digit.charCodeAt(0)).reduce((sum, code) => (sum * 31 + code) % 1000, 0) / 1000;
}

interface Name {
  phoneNumber: unknown;
  firstName?: string | undefined;
  lastName?: string | undefined;
}

function numberId(number: unknown): string {
  const text = String(number);
  return text.includes('@') ? text : `${text.replace(/\D/g, '')}@c.us`;
}

function vcardOf(contact: ContactModel): { vcard: string; displayName: string } {
  const displayName = contact.name ?? contact.pushname;
  const number = (contact.phoneNumber ?? contact.id).user;
  const lines = [
    'BEGIN:VCARD',
    'VERSION:3.0',
    `FN:${displayName}`,
    `TEL;type=CELL;waid=${number}:+${number}`,
    'END:VCARD',
  ];
  return { vcard: lines.join('\n'), displayName };
}

function parseVcard(text: string): { name: string } | null {
  const name = /^FN:(.+)$/m.exec(text)?.[1];
  return name === undefined ? null : { name: name.trim() };
}

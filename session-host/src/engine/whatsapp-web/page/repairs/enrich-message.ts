import type { Contact, Msg, Wid } from '../page-modules.ts';
import type { RepairContext } from '../repair-context.ts';

/**
 * Adds, as `topActive`, what the page knows and a message's own data lack: in a group the name and number of who wrote
 * it; whose the message is that it answers, and what it says where nothing of it came along. What can't be found is
 * left out. Also fits what the library can't make a message of, and would never tell of.
 */
export function enrichMessages({ need, report, onLibrary }: RepairContext): void {
  const longest = 300;
  const tried = <T>(find: () => T): T | undefined => {
    try {
      return find();
    } catch (error) {
      report({ applied: true, how: `without some of it: ${String(error)}` });
      return undefined;
    }
  };
  const isSame = (a: Wid, b: Wid): boolean => a.user === b.user && a.server === b.server;
  const isWord = (text: unknown): text is string => typeof text === 'string' && text !== '';

  const isOwners = (wid: Wid): boolean => {
    const me = need('WAWebUserPrefsMeUser');
    const own = [tried(() => me?.getMaybeMePnUser?.()), tried(() => me?.getMaybeMeLidUser?.())];
    return own.some((id) => id && isSame(id, wid));
  };

  const contactOf = (wid: Wid): Contact | undefined => tried(() => need('WAWebCollections')?.Contact?.get?.(wid));

  const numberOf = (wid: Wid): Wid | undefined => {
    if (wid.server === 'c.us') return wid;
    const found =
      tried(() => need('WAWebApiContact')?.getPhoneNumber?.(wid)) ??
      tried(() => need('WAWebLidMigrationUtils')?.toPn?.(wid)) ??
      contactOf(wid)?.phoneNumber;
    return found?.server === 'c.us' ? found : undefined;
  };

  const nameOf = (wid: Wid): string | undefined => {
    const number = numberOf(wid);
    const contacts = [contactOf(wid), number && contactOf(number)];
    const names = ['name', 'verifiedName', 'pushname'] as const;
    return names.flatMap((name) => contacts.map((contact) => contact?.[name])).find(isWord);
  };

  const senderOf = ({ id, author }: Msg) => {
    const wid = author ?? id.participant;
    if (id.fromMe || id.remote.server !== 'g.us' || !wid) return undefined;
    const number = numberOf(wid);
    return { name: nameOf(wid), phone: number && `${number.user}@${number.server}` };
  };

  const wordsOf = ({ id, quotedStanzaID }: Msg): string | undefined => {
    const chat = need('WAWebCollections')?.Chat?.get?.(id.remote);
    const quoted = chat?.msgs?.getModelsArray?.().find((message) => message.id.id === quotedStanzaID);
    return [quoted?.caption, quoted?.type === 'chat' ? quoted.body : undefined].find(isWord)?.slice(0, longest);
  };

  const quotedOf = (message: Msg) => {
    const { id, quotedStanzaID, quotedMsg, quotedParticipant: author } = message;
    if (!isWord(quotedStanzaID)) return undefined;
    return {
      fromMe: author && isOwners(author),
      name: author && id.remote.server === 'g.us' ? nameOf(author) : undefined,
      text: quotedMsg ? undefined : tried(() => wordsOf(message)),
    };
  };

  /** What the library takes for granted of some types: without it, it throws where nobody hears of it. */
  const fitted = (model: Record<string, unknown>): Record<string, unknown> => {
    const { type, listResponse, vcardList, from } = model;
    const answer = typeof listResponse === 'object' && listResponse !== null && !('singleSelectReply' in listResponse);
    return {
      ...model,
      ...(answer && { listResponse: { ...listResponse, singleSelectReply: {} } }),
      ...(type === 'multi_vcard' && !Array.isArray(vcardList) && { vcardList: [] }),
      ...(type === 'groups_v4_invite' && from === null && { from: undefined }),
    };
  };

  onLibrary({
    injected: () => report({ applied: true, how: 'names, numbers and quoted messages' }),
    wrap: {
      getMessageModel: (original) => (message) => {
        const model = original(message);
        if (typeof model !== 'object' || model === null) return model;
        const sender = tried(() => senderOf(message as Msg));
        const quoted = tried(() => quotedOf(message as Msg));
        return { ...fitted({ ...model }), topActive: { sender, quoted } };
      },
    },
  });
}

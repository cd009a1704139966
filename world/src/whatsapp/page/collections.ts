import type { WireContact, WireMessage } from '../wire.ts';
import { Collection } from './collection.ts';
import { ContactModel, MsgModel } from './models.ts';
import type { ChatModel, GroupMetadataModel, PlainModel, ReactionsModel } from './models.ts';
import { wid } from './ids.ts';
import type { WireClient } from './wire-client.ts';

/** Newest first, as WhatsApp lists its chats; pinned ones before all. */
class ChatCollection extends Collection<ChatModel> {
  override getModelsArray(): ChatModel[] {
    return super.getModelsArray().toSorted((a, b) => Math.sign(b.pin) - Math.sign(a.pin) || b.t - a.t);
  }
}

/** What takes in what the server tells. */
interface Intake {
  contact(wire: WireContact): ContactModel;
  message(wire: WireMessage, announce: boolean): MsgModel;
}

/** Some of a collection's functions come from WhatsApp's search and database. */
export class MsgCollection extends Collection<MsgModel> {
  /** The collection grows, and nobody hears of it. */
  hidesAdds = false;
  readonly #wire: WireClient;
  readonly #inbox: () => Intake;

  constructor(wire: WireClient, inbox: () => Intake) {
    super({ modelClass: MsgModel });
    this.#wire = wire;
    this.#inbox = inbox;
  }

  override trigger(name: string, ...args: unknown[]): this {
    return name === 'add' && this.hidesAdds ? this : super.trigger(name, ...args);
  }

  /** @throws DOMException where a key is none: WhatsApp asks IndexedDB for it as it is */
  async getMessagesById(keys: string[]): Promise<{ messages: MsgModel[] }> {
    if (keys.some((key) => typeof key !== 'string')) {
      throw new DOMException('No key or key range specified.', 'DataError');
    }
    const absent = keys.filter((key) => this.get(key) === undefined);
    if (absent.length > 0) {
      const { messages } = await this.#wire.request('messages', { keys: absent });
      for (const message of messages) this.#inbox().message(message, false);
    }
    return { messages: keys.flatMap((key) => this.get(key) ?? []) };
  }

  async search(text: string, page = 1, limit = 50, chat?: string): Promise<{ messages: MsgModel[] }> {
    const { messages } = await this.#wire.request('search', { text, chat: chat ?? null, page, limit });
    return { messages: messages.map((message) => this.#inbox().message(message, false)) };
  }
}

export interface Collections {
  Msg: MsgCollection;
  Chat: Collection<ChatModel>;
  Contact: Collection<ContactModel>;
  GroupMetadata: Collection<GroupMetadataModel>;
  Newsletter: Collection<ChatModel>;
  Reactions: Collection<ReactionsModel>;
  Blocklist: Collection<PlainModel>;
}

export function createCollections({ wire, inbox }: { wire: WireClient; inbox: () => Intake }): Collections {
  const Msg = new MsgCollection(wire, inbox);
  /** Of a message that isn't here yet, as WhatsApp's page looks them up in its database. */
  const Reactions: Collection<ReactionsModel> = new Collection<ReactionsModel>({
    async fetch(key) {
      await Msg.getMessagesById([key]);
      return Reactions.get(key);
    },
  });
  return {
    Msg,
    Chat: new ChatCollection(),
    Contact: new Collection<ContactModel>({ modelClass: ContactModel, fetch: fetchContact }),
    GroupMetadata: new Collection<GroupMetadataModel>(),
    Newsletter: new Collection<ChatModel>(),
    Reactions,
    Blocklist: new Collection<PlainModel>(),
  };

  /** Somebody without an address book entry and without a chat is a contact all the same. */
  async function fetchContact(id: string): Promise<ContactModel> {
    const { contact } = await wire.request('exists', { id });
    return contact === null ? new ContactModel({ id: wid(id) }) : inbox().contact(contact);
  }
}

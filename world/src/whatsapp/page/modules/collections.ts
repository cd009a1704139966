import { Collection } from '../collection.ts';
import { wid } from '../ids.ts';
import { MsgCollection } from '../collections.ts';
import { AggReactionsCollection, PlainModel, ReactionsModel } from '../models.ts';
import type { Modules } from '../registry.ts';
import type { ModuleContext } from './module-context.ts';

export function collectionModules({ app }: ModuleContext): Modules {
  const { Msg, Chat, Contact, GroupMetadata, Newsletter, Reactions, Blocklist } = app.collections;
  const collections = {
    Msg,
    Chat,
    Contact,
    GroupMetadata,
    WAWebNewsletterCollection: Newsletter,
    Reactions,
    Blocklist,
    BusinessProfile: new Collection<PlainModel>({ fetch: (id) => Promise.resolve(new PlainModel({ id: wid(id) })) }),
    ProfilePicThumb: new Collection<PlainModel>({ fetch: (id) => Promise.resolve(new PlainModel({ id: wid(id) })) }),
    Label: new Collection<PlainModel>(),
    Status: new Collection<PlainModel>(),
  };
  const contactCollection = {
    ContactCollection: Contact,
    getMeContact: () => Contact.get(app.identity.mePn() ?? '') ?? Contact.get(app.identity.meLid() ?? ''),
  };
  return {
    WAWebCollections: collections,
    WAWebContactCollection: contactCollection,
    WAWebMsgCollection: { MsgCollection: Msg, MsgCollectionImpl: MsgCollection },
    WAWebReactionsModels: { Reactions: ReactionsModel, AggReactionsCollection },
  };
}

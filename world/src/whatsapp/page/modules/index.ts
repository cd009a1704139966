import type { Note } from '../../wire.ts';
import type { Modules } from '../registry.ts';
import { createMarkSeen } from '../seen.ts';
import { addonModules } from './addons.ts';
import type { CallCollection } from './calls.ts';
import { chatModules } from './chats.ts';
import { collectionModules } from './collections.ts';
import { contactModules } from './contacts.ts';
import { idModules } from './ids.ts';
import { linkingModules } from './linking.ts';
import { mediaModules } from './media.ts';
import { messageModules } from './messages.ts';
import type { ModuleContext } from './module-context.ts';
import { pollModules } from './polls.ts';
import { preferenceModules } from './preferences.ts';
import { screenModules } from './screens.ts';
import { storedMessageModules } from './stored-messages.ts';
import { uploadModules } from './uploads.ts';

/** Every module of the page that the library can ask for, by WhatsApp's own names. */
export function createModules(context: ModuleContext): {
  modules: Modules;
  react: (note: Extract<Note, { type: 'reaction' }>, silent: boolean) => void;
  vote: (note: Extract<Note, { type: 'vote' }>) => void;
  calls: CallCollection;
} {
  const addons = addonModules(context);
  const polls = pollModules(context);
  const markSeen = createMarkSeen(context.app);
  const modules = {
    ...collectionModules(context),
    ...linkingModules(context),
    ...idModules(context),
    ...messageModules({ ...context, markSeen }),
    ...chatModules({ ...context, markSeen }),
    ...contactModules(context),
    ...mediaModules(context),
    ...uploadModules(context),
    ...preferenceModules(),
    ...screenModules(context),
    ...addons.modules,
    ...polls.modules,
    ...storedMessageModules(context),
  };
  return { modules, react: addons.react, vote: polls.vote, calls: addons.calls };
}

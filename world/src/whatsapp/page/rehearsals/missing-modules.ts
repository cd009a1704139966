import type { PageChange } from '../builds/change.ts';
import { withdraw } from '../builds/part-of.ts';

/**
 * A module is gone that the library asks for in the midst of attaching its listeners: those after it are never
 * attached, as in January and February 2026.
 */
export const listenersFail: PageChange = {
  name: 'no WAWebCallCollection',
  apply: ({ registry }) => registry.lose('WAWebCallCollection'),
};

/** History comes from the page's database alone, whose functions took the place of `msgFindQuery` in February 2026. */
export const historyByQuery: PageChange = {
  name: 'no loadEarlierMsgs',
  apply: ({ modules }) => withdraw(modules, 'WAWebChatLoadMessages', 'loadEarlierMsgs'),
};

/** The loader keeps its `require` to itself; `importNamespace` is there. */
export const requireIsHidden: PageChange = {
  name: 'no window.require',
  apply() {
    Reflect.deleteProperty(window, 'require');
  },
};

import type { Modules } from '../registry.ts';
import type { ModuleContext } from './module-context.ts';

/** What opens or closes something on the page: this one has nothing to open, and says so by doing nothing. */
export function screenModules({ app }: ModuleContext): Modules {
  for (const name of ['openChatBottom', 'openDrawerMid', 'chatSearch', 'openChatAt', 'msgInfoDrawer']) {
    app.cmd[name] = () => Promise.resolve();
  }
  return {
    WAWebChatMessageSearch: { getSearchContext: () => Promise.resolve({}) },
    WAWebDrawerManager: { DrawerManager: { closeDrawerRight: () => Promise.resolve() } },
  };
}

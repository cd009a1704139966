import ui from '@nuxt/ui/vue-plugin';
import { createPinia } from 'pinia';
import { createApp, type App as VueApp } from 'vue';
import { createMemoryHistory, createWebHistory, type Router, type RouterHistory } from 'vue-router';
import { z } from 'zod';
import { createAccess, type Locks } from './api/access.ts';
import { createApi } from './api/api.ts';
import { createHttp } from './api/http.ts';
import App from './App.vue';
import { createAppI18n } from './i18n/i18n.ts';
import { createAppRouter } from './router.ts';
import { servicesKey, type Services } from './services.ts';
import { createTheme } from './theme.ts';

export interface AppOptions {
  fetch: typeof globalThis.fetch;
  openSocket: Services['openSocket'];
  leave: Services['leave'];
  local: Storage;
  session: Storage;
  locks?: Locks | undefined;
  channel?: BroadcastChannel | undefined;
  /** For tests: starts there, in memory. */
  at?: string | undefined;
}

export interface TopActive {
  app: VueApp;
  router: Router;
  services: Services;
  close(): void;
}

/** The whole app, not yet on the page. */
export async function createTopActive(options: AppOptions): Promise<TopActive> {
  // The policy of the page forbids eval; zod must not even try.
  z.config({ jitless: true });
  const { local, session, openSocket, leave, locks, channel } = options;
  const send = createHttp({ fetch: options.fetch });
  const access = createAccess({ send, locks, channel });
  const i18n = await createAppI18n(local);
  const theme = createTheme(local);
  const services: Services = {
    api: createApi({ send, access }),
    access,
    i18n,
    theme,
    openSocket,
    leave,
    local,
    session,
  };

  const app = createApp(App);
  app.provide(servicesKey, services);
  app.use(createPinia());
  app.use(i18n.plugin);
  const router = createAppRouter({ history: historyAt(options.at), app, needTexts: (...areas) => i18n.need(...areas) });
  app.use(router);
  app.use(ui);
  await router.isReady();

  return {
    app,
    router,
    services,
    close() {
      app.unmount();
      access.close();
      theme.close();
    },
  };
}

function historyAt(at: string | undefined): RouterHistory {
  if (at === undefined) return createWebHistory();
  const history = createMemoryHistory();
  history.replace(at);
  return history;
}

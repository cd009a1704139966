import type { App } from 'vue';
import { createRouter, type Router, type RouteRecordRaw, type RouterHistory } from 'vue-router';
import type { MessageKey, TextArea } from './i18n/messages.ts';
import { useSessionStore } from './stores/session.ts';

declare module 'vue-router' {
  interface RouteMeta {
    /** `guest`: only for who isn't signed in; everything else needs a session. */
    guest?: boolean;
    title?: MessageKey;
    /** Texts that the page needs beside those that all need. */
    texts?: readonly TextArea[];
  }
}

const routes: RouteRecordRaw[] = [
  {
    // A path of its own: as `/` it would catch the app's.
    path: '/conta',
    redirect: '/entrar',
    component: () => import('./layouts/AuthLayout.vue'),
    meta: { guest: true },
    children: [
      {
        path: '/entrar',
        name: 'login',
        component: () => import('./pages/LoginPage.vue'),
        meta: { title: 'auth.login.submit', texts: ['auth', 'settings'] },
      },
      {
        path: '/criar-conta',
        name: 'register',
        component: () => import('./pages/RegisterPage.vue'),
        meta: { title: 'auth.register.submit', texts: ['auth'] },
      },
      {
        path: '/esqueci-a-senha',
        name: 'forgot-password',
        component: () => import('./pages/ForgotPasswordPage.vue'),
        meta: { title: 'auth.forgot.title', texts: ['auth'] },
      },
    ],
  },
  {
    path: '/',
    component: () => import('./layouts/AppLayout.vue'),
    children: [
      {
        path: '',
        name: 'steps',
        component: () => import('./pages/StepsPage.vue'),
        meta: { title: 'setup.title', texts: ['setup', 'openAi'] },
      },
      {
        path: 'conversas/:chatId?',
        name: 'inbox',
        component: () => import('./pages/InboxPage.vue'),
        meta: { title: 'inbox.title', texts: ['openAi'] },
      },
      {
        path: 'configuracoes',
        name: 'settings',
        component: () => import('./pages/SettingsPage.vue'),
        meta: { title: 'settings.title', texts: ['settings', 'auth'] },
      },
      {
        path: ':rest(.*)*',
        name: 'missing',
        component: () => import('./pages/NotFoundPage.vue'),
        meta: { title: 'common.notFound.title' },
      },
    ],
  },
];

export function createAppRouter({
  history,
  app,
  needTexts,
}: {
  history: RouterHistory;
  app: App;
  needTexts: (...areas: readonly TextArea[]) => Promise<void>;
}): Router {
  const router = createRouter({ history, routes, scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 } });

  router.beforeEach(async (to) => {
    const session = app.runWithContext(() => useSessionStore());
    if (session.state === 'unknown') await session.boot();
    if (session.state === 'unknown') return true;
    if (to.meta.guest) return session.state === 'in' ? (returnPath(to.query['volta']) ?? { name: 'steps' }) : true;
    if (session.state === 'in') return true;
    return { name: 'login', query: to.fullPath === '/' ? {} : { volta: to.fullPath } };
  });

  // Beside the page's own code, which comes before the guard below. Nobody waits for the words on what goes wrong.
  router.beforeEach((to) => {
    needTexts('problems', 'fields', ...(to.meta.texts ?? [])).catch(() => undefined);
  });
  router.beforeResolve((to) => needTexts(...(to.meta.texts ?? [])));

  return router;
}

/** Only a path of this app: never another site's address that somebody smuggled into the link. */
export function returnPath(value: unknown): string | undefined {
  return typeof value === 'string' && /^\/(?![/\\])/.test(value) ? value : undefined;
}

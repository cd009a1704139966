import type { Locale } from '@top-active/core/contracts';
import { Hono } from 'hono';
import { html } from 'hono/html';
import { streamSSE } from 'hono/streaming';
import {
  addressBesidePage,
  liveScriptName,
  localeOf,
  sendLiveScript,
  sendPage,
  type Markup,
} from '../page-style/index.ts';
import type { Mailbox, StoredMail } from './mail.ts';

const texts = {
  'pt-BR': {
    title: 'Caixa de e-mails',
    notice: 'Simulação: estes e-mails não são enviados a ninguém.',
    empty: 'Nenhum e-mail ainda. Crie uma conta no app e o código aparece aqui.',
    to: 'Para',
    copy: 'Copiar código',
    copied: 'Copiado',
  },
  en: {
    title: 'Mailbox',
    notice: 'Simulation: these e-mails are sent to nobody.',
    empty: 'No e-mail yet. Create an account in the app and its code shows up here.',
    to: 'To',
    copy: 'Copy code',
    copied: 'Copied',
  },
} as const satisfies Record<Locale, object>;

/** The mails as a page that updates itself when one arrives. */
export function mailboxPage(box: Pick<Mailbox, 'list' | 'subscribe'>): Hono {
  const app = new Hono();
  app.get(`/${liveScriptName}`, sendLiveScript);
  app.get('/', (c) => {
    const locale = localeOf(c);
    const text = texts[locale];
    const mails = box.list();
    return sendPage(c, {
      locale,
      title: text.title,
      notice: text.notice,
      header: html`<header class="column" data-events="${addressBesidePage(c, 'events')}">
        <h1>${text.title}</h1>
      </header>`,
      main: html`<div class="column" aria-live="polite">
        ${mails.length === 0 ? html`<p class="quiet">${text.empty}</p>` : mails.map((mail) => article(mail, locale))}
      </div>`,
      script: addressBesidePage(c, liveScriptName),
    });
  });
  app.get('/events', (c) =>
    streamSSE(c, async (stream) => {
      let changed = Promise.withResolvers<void>();
      const unsubscribe = box.subscribe(() => changed.resolve());
      stream.onAbort(() => {
        unsubscribe();
        changed.resolve();
      });
      while (!stream.aborted) {
        // Only the newest state counts: changes during a write are one change.
        changed = Promise.withResolvers<void>();
        await stream.writeSSE({ event: 'change', data: '' });
        await changed.promise;
      }
    }),
  );
  return app;
}

function article(mail: StoredMail, locale: Locale): Markup {
  const text = texts[locale];
  const at = new Date(mail.at);
  return html`<article class="card" aria-labelledby="subject-${mail.id}">
    <div class="row">
      <h2 id="subject-${mail.id}">${mail.subject}</h2>
      <time class="quiet" datetime="${at.toISOString()}">
        ${at.toLocaleString(locale, { dateStyle: 'short', timeStyle: 'medium' })}
      </time>
    </div>
    <p class="quiet">${text.to}: ${mail.to}</p>
    ${
      mail.code &&
      html`<div class="row">
        <p class="code">${mail.code}</p>
        <button id="copy-${mail.id}" type="button" data-copy="${mail.code}" data-copied="${text.copied}">
          ${text.copy}
        </button>
      </div>`
    }
    <p class="text">${mail.text}</p>
  </article>`;
}

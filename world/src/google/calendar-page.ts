import type { Locale } from '@top-active/core/contracts';
import { Hono, type Context } from 'hono';
import { html } from 'hono/html';
import { Temporal } from 'temporal-polyfill';
import { liveScriptName, localeOf, sendLiveScript, sendPage, type Markup } from '../page-style/index.ts';
import type { Accounts, StoredAccount } from './accounts.ts';
import type { EventStore, StoredEvent } from './event-store.ts';
import type { Now } from './types.ts';

const texts = {
  'pt-BR': {
    notice: 'Google Agenda simulado: nenhuma agenda real é usada aqui.',
    title: 'Agenda de',
    missing: 'Esta conta simulada não existe.',
    empty: 'Nada marcado',
    allDay: 'Dia inteiro',
    free: 'livre',
    previous: 'Anterior',
    previousWeek: 'Semana anterior',
    next: 'Próxima',
    nextWeek: 'Próxima semana',
    today: 'Hoje',
    weeks: 'Semanas',
  },
  en: {
    notice: 'Simulated Google Calendar: no real calendar is used here.',
    title: 'Calendar of',
    missing: 'This simulated account does not exist.',
    empty: 'Nothing booked',
    allDay: 'All day',
    free: 'free',
    previous: 'Previous',
    previousWeek: 'Previous week',
    next: 'Next',
    nextWeek: 'Next week',
    today: 'Today',
    weeks: 'Weeks',
  },
} as const satisfies Record<Locale, object>;

/** `/calendar/<account>`: one week as a list, so that a person sees what was booked. */
export function calendarPage({ accounts, store, now }: { accounts: Accounts; store: EventStore; now: Now }): Hono {
  const app = new Hono();

  app.get(`/calendar/${liveScriptName}`, sendLiveScript);

  app.get('/calendar/:account', (c) => {
    const locale = localeOf(c);
    const text = texts[locale];
    const email = c.req.param('account');
    const account = accounts.find(email);
    if (!account)
      return sendPage(c, {
        locale,
        title: text.missing,
        notice: text.notice,
        main: html`<div class="column"><h1>${text.missing}</h1></div>`,
        status: 404,
      });
    const shown = store.find(account, c.req.query('event') ?? '');
    const monday = weekOf({ asked: c.req.query('week'), shown, account, now });
    return sendPage(c, {
      locale,
      title: `${text.title} ${account.email}`,
      notice: text.notice,
      header: weekNavigation({ c, locale, account, monday }),
      main: weekMain({ locale, account, monday, store, shown }),
      script: liveScriptName,
    });
  });

  return app;
}

interface WeekOptions {
  asked: string | undefined;
  shown: StoredEvent | undefined;
  account: StoredAccount;
  now: Now;
}

/** Monday of the asked week, else of the event that a link points at, else of today. */
function weekOf({ asked, shown, account, now }: WeekOptions): Temporal.PlainDate {
  const day =
    asked && /^\d{4}-\d{2}-\d{2}$/.test(asked)
      ? Temporal.PlainDate.from(asked)
      : Temporal.Instant.fromEpochMilliseconds(shown?.startMs ?? now())
          .toZonedDateTimeISO(account.timeZone)
          .toPlainDate();
  return day.subtract({ days: day.dayOfWeek - 1 });
}

function weekNavigation({
  c,
  locale,
  account,
  monday,
}: {
  c: Context;
  locale: Locale;
  account: StoredAccount;
  monday: Temporal.PlainDate;
}): Markup {
  const text = texts[locale];
  const hl = c.req.query('hl');
  const to = (week: string) => `?${new URLSearchParams({ week, ...(hl && { hl }) })}`;
  return html`<header class="column">
    <h1>${text.title} ${account.name}</h1>
    <p class="quiet">${account.email} · ${account.timeZone}</p>
    <nav class="row" aria-label="${text.weeks}">
      <a class="button" aria-label="${text.previousWeek}" href="${to(monday.subtract({ days: 7 }).toString())}"
        >← ${text.previous}</a
      >
      <a class="button" href="${to('')}">${text.today}</a>
      <a class="button" aria-label="${text.nextWeek}" href="${to(monday.add({ days: 7 }).toString())}"
        >${text.next} →</a
      >
    </nav>
  </header>`;
}

interface WeekView {
  locale: Locale;
  account: StoredAccount;
  monday: Temporal.PlainDate;
  store: EventStore;
  shown: StoredEvent | undefined;
}

function weekMain({ locale, account, monday, store, shown }: WeekView): Markup {
  const days = Array.from({ length: 7 }, (_, index) => monday.add({ days: index }));
  return html`<div class="column">
    ${days.map((day) => {
      const from = day.toZonedDateTime(account.timeZone).epochMilliseconds;
      const to = day.add({ days: 1 }).toZonedDateTime(account.timeZone).epochMilliseconds;
      const events = store
        .list(account, { endsAfter: from, startsBefore: to })
        .filter(({ status }) => status !== 'cancelled');
      const title = day.toLocaleString(locale, { weekday: 'long', day: 'numeric', month: 'long' });
      return html`<section class="card">
        <h2>${title}</h2>
        ${
          events.length === 0
            ? html`<p class="quiet">${texts[locale].empty}</p>`
            : html`<ul>
                ${events.map((event) => eventItem({ locale, account, event, current: event.id === shown?.id }))}
              </ul>`
        }
      </section>`;
    })}
  </div>`;
}

function eventItem({
  locale,
  account,
  event,
  current,
}: {
  locale: Locale;
  account: StoredAccount;
  event: StoredEvent;
  current: boolean;
}): Markup {
  const { summary, start, location, description, transparency } = event.fields;
  const text = texts[locale];
  const clock = (ms: number) =>
    new Date(ms).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit', timeZone: account.timeZone });
  const time = start?.date ? text.allDay : `${clock(event.startMs)} – ${clock(event.endMs)}`;
  return html`<li class="choice" ${current ? html`aria-current="true"` : ''}>
    <span>
      <strong>${time}</strong> ${summary ?? '—'} ${transparency === 'transparent' ? `(${text.free})` : ''}
      ${location ? html`<br /><span class="quiet">${location}</span>` : ''}
      ${description ? html`<br /><span class="quiet text">${description}</span>` : ''}
    </span>
  </li>`;
}

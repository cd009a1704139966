import type { Locale } from '@top-active/core/contracts';

const prefix = 'https://www.googleapis.com/auth/';

interface Scope {
  /** Sign-in scopes are granted with the account itself and have no checkbox, as on Google's page. */
  signIn: boolean;
  text: Record<Locale, string>;
}

const signIn = (pt: string, en: string): Scope => ({ signIn: true, text: { 'pt-BR': pt, en } });
const calendar = (pt: string, en: string): Scope => ({ signIn: false, text: { 'pt-BR': pt, en } });

/** Scopes that the consent page knows. https://developers.google.com/workspace/calendar/api/auth */
const scopes: ReadonlyMap<string, Scope> = new Map([
  [
    'openid',
    signIn('Associar você às suas informações pessoais no Google', 'Associate you with your personal info on Google'),
  ],
  [`${prefix}userinfo.email`, signIn('Ver seu endereço de e-mail', 'See your email address')],
  [`${prefix}userinfo.profile`, signIn('Ver seu nome', 'See your name')],
  [
    `${prefix}calendar.freebusy`,
    calendar(
      'Ver quando você está livre ou ocupado, sem ver os eventos',
      'See when you are free or busy, without seeing your events',
    ),
  ],
  [
    `${prefix}calendar.events.freebusy`,
    calendar('Ver a disponibilidade nas suas agendas', 'See the availability on your calendars'),
  ],
  [
    `${prefix}calendar.events`,
    calendar('Ver e editar os eventos das suas agendas', 'View and edit events on your calendars'),
  ],
  [
    `${prefix}calendar.events.owned`,
    calendar('Ver e editar os eventos das agendas que são suas', 'View and edit events on calendars you own'),
  ],
  [`${prefix}calendar.events.readonly`, calendar('Ver os eventos das suas agendas', 'View events on your calendars')],
  [
    `${prefix}calendar.calendarlist.readonly`,
    calendar('Ver a lista das suas agendas', 'See the list of your calendars'),
  ],
  [`${prefix}calendar.readonly`, calendar('Ver as suas agendas', 'See your calendars')],
  [`${prefix}calendar`, calendar('Ver, editar e excluir as suas agendas', 'See, edit and delete your calendars')],
]);

const aliases: Readonly<Record<string, string>> = {
  email: `${prefix}userinfo.email`,
  profile: `${prefix}userinfo.profile`,
};

/** Scopes of a `scope` parameter under the names that Google puts into its answers. */
export function parseScopes(parameter: string): string[] {
  const names = parameter.split(/\s+/).filter(Boolean);
  return [...new Set(names.map((name) => aliases[name] ?? name))];
}

export function isKnownScope(scope: string): boolean {
  return scopes.has(scope);
}

export function isSignInScope(scope: string): boolean {
  return scopes.get(scope)?.signIn ?? false;
}

export function describeScope(scope: string, locale: Locale): string {
  return scopes.get(scope)?.text[locale] ?? scope;
}

export const emailScope = `${prefix}userinfo.email`;
export const profileScope = `${prefix}userinfo.profile`;

const named = (...names: string[]): string[] => names.map((name) => `${prefix}${name}`);
const readEvents = named(
  'calendar',
  'calendar.readonly',
  'calendar.events',
  'calendar.events.readonly',
  'calendar.events.owned',
);
const writeEvents = named('calendar', 'calendar.events', 'calendar.events.owned');

/**
 * Which scopes each method accepts: one of them is enough. Note that `calendar.events` does not open `freeBusy`.
 * https://developers.google.com/workspace/calendar/api/v3/reference
 */
export const methodScopes = {
  'calendar.freebusy.query': named('calendar', 'calendar.readonly', 'calendar.freebusy', 'calendar.events.freebusy'),
  'calendar.calendarList.list': named('calendar', 'calendar.readonly', 'calendar.calendarlist.readonly'),
  'calendar.calendars.get': named('calendar', 'calendar.readonly'),
  'calendar.events.list': readEvents,
  'calendar.events.get': readEvents,
  'calendar.events.insert': writeEvents,
  'calendar.events.patch': writeEvents,
  'calendar.events.update': writeEvents,
  'calendar.events.delete': writeEvents,
} as const satisfies Record<string, readonly string[]>;

export type CalendarMethod = keyof typeof methodScopes;

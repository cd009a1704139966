import { setTimeout as pause } from 'node:timers/promises';
import { calendar as createCalendarApi, type calendar_v3 } from '@googleapis/calendar';
import { logger, type Tenant } from '@top-active/aws';
import type { Appointment } from '@top-active/core/contracts';
import type { Interval } from '@top-active/core/domain';
import { AppError } from '@top-active/core/errors';
import { z } from 'zod';
import { googleFailureOf, type GoogleFailure } from './google-failure.ts';
import { googleTimeoutMs, type GoogleOAuth } from './google-oauth.ts';
import { readGrant } from './grant.ts';
import { eventsScope } from './scopes.ts';

export interface Booking {
  /** The same id for the same booking: Google takes it only once. */
  eventId: string;
  appointment: Appointment;
  description: string;
}

/** The owner's primary calendar. */
export interface Calendar {
  /** Whether the owner allowed to write events. */
  canBook: boolean;
  /** @throws {AppError} `google_not_connected`, `google_permission_missing`, `google_unreachable` */
  busy(span: Interval): Promise<Interval[]>;
  /**
   * Link to the event, which is there afterwards, made now or before. Undefined: it was made before and deleted since.
   * @throws {AppError} as `busy`
   */
  book(booking: Booking): Promise<{ eventUrl: string } | undefined>;
  /** The event of that id, if it is there. @throws {AppError} as `busy` */
  find(eventId: string): Promise<{ eventUrl: string } | undefined>;
}

export interface CalendarOptions {
  tenant: Tenant;
  oauth: GoogleOAuth;
  /** Origin of the Calendar API, with a slash at the end. */
  apiRoot: string;
}

/** @throws {AppError} `google_not_connected` when nothing is connected, or what is connected no longer works */
export async function openCalendar({ tenant, oauth, apiRoot }: CalendarOptions): Promise<Calendar> {
  const grant = await readGrant(tenant);
  if (!grant || grant.credential.state === 'invalid') throw new AppError('google_not_connected');
  const api = createCalendarApi({
    version: 'v3',
    auth: await oauth.authorized(grant.refreshToken),
  });
  // Given with every call, since the client drops the path of a root that is set once for all.
  const options = { rootUrl: apiRoot, timeout: googleTimeoutMs, retry: false };
  const ask = <T>(call: () => Promise<T>) => askPatiently(call, tenant);

  async function find(eventId: string): Promise<{ eventUrl: string } | undefined> {
    const get = () => api.events.get({ calendarId: 'primary', eventId }, options);
    const found = await ask(() => get().catch(undefinedOn('not_found')));
    if (!found || found.data.status === 'cancelled') return undefined;
    return { eventUrl: found.data.htmlLink ?? '' };
  }

  return {
    canBook: grant.credential.scopes.includes(eventsScope),
    find,
    async busy({ start, end }) {
      const requestBody = {
        timeMin: start,
        timeMax: end,
        items: [{ id: 'primary' }],
      };
      const { data } = await ask(() => api.freebusy.query({ requestBody }, options));
      return busySpansOf(data);
    },
    async book({ eventId, appointment, description }) {
      const { title, start, end, timeZone } = appointment;
      const requestBody = {
        id: eventId,
        summary: title,
        description,
        start: { dateTime: start, timeZone },
        end: { dateTime: end, timeZone },
      };
      const insert = () => api.events.insert({ calendarId: 'primary', requestBody }, options);
      const made = await ask(() => insert().catch(undefinedOn('conflict')));
      return made ? { eventUrl: made.data.htmlLink ?? '' } : find(eventId);
    },
  };
}

const busySchema = z.object({
  calendars: z.object({
    primary: z.object({
      errors: z.array(z.unknown()).max(0).optional(),
      busy: z
        .array(z.object({ start: z.iso.datetime({ offset: true }), end: z.iso.datetime({ offset: true }) }))
        .default([]),
    }),
  }),
});

function busySpansOf(data: calendar_v3.Schema$FreeBusyResponse): Interval[] {
  const { primary } = busySchema.parse(data).calendars;
  return primary.busy.map(({ start, end }) => ({ start: instant(start), end: instant(end) }));
}

function instant(time: string): string {
  return new Date(time).toISOString();
}

function undefinedOn(expected: GoogleFailure) {
  return (error: unknown): undefined => {
    if (googleFailureOf(error) === expected) return undefined;
    throw error;
  };
}

const delaysMs = [300, 1200];

/**
 * What may pass is tried three times in all. A lost grant is noted, the owner is told by the event, and nothing is
 * tried again.
 */
async function askPatiently<T>(call: () => Promise<T>, tenant: Tenant): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      const failure = googleFailureOf(error);
      if (failure === undefined) throw error;
      const delay = delaysMs[attempt];
      if ((failure === 'busy' || failure === 'unreachable') && delay !== undefined) {
        await pause(delay * (0.5 + Math.random()));
        continue;
      }
      if (failure === 'grant_lost') await tenant.credentials.setState('google', 'invalid');
      logger.warn('Google refused', { failure }, error);
      throw refusalOf(failure, error);
    }
  }
}

function refusalOf(failure: GoogleFailure, cause: unknown) {
  if (failure === 'grant_lost')
    return new AppError('google_not_connected', { detail: 'Google no longer accepts the stored consent.', cause });
  if (failure === 'permission_missing') return new AppError('google_permission_missing', { cause });
  return new AppError('google_unreachable', { cause });
}

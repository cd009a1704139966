import { z } from 'zod';
import { eventTimeSchema } from './event-times.ts';
import { GoogleError, invalid } from './google-error.ts';

const text = (max: number) => z.string().max(max).nullish();
const properties = z.record(z.string().max(44), z.string().max(1024).nullable()).nullish();

/** What a caller may write of an event. Fields that Google sets itself, and unknown ones, are passed over. */
export const eventFieldsSchema = z.object({
  id: z.string().nullish(),
  iCalUID: text(1024),
  status: z.enum(['confirmed', 'tentative', 'cancelled']).nullish(),
  summary: text(10_000),
  description: text(8192),
  location: text(10_000),
  colorId: text(10),
  start: eventTimeSchema.nullish(),
  end: eventTimeSchema.nullish(),
  transparency: z.enum(['opaque', 'transparent']).nullish(),
  visibility: z.enum(['default', 'public', 'private', 'confidential']).nullish(),
  attendees: z
    .array(
      z.object({
        email: z.email(),
        displayName: text(1000),
        optional: z.boolean().nullish(),
        responseStatus: text(20),
      }),
    )
    .max(200)
    .nullish(),
  extendedProperties: z.object({ private: properties, shared: properties }).nullish(),
  reminders: z
    .object({
      useDefault: z.boolean().nullish(),
      overrides: z
        .array(z.object({ method: z.enum(['email', 'popup']), minutes: z.int().min(0).max(40_320) }))
        .max(5)
        .nullish(),
    })
    .nullish(),
  source: z.object({ title: text(1000), url: z.url() }).nullish(),
  recurrence: z.array(z.string()).nullish(),
});

export type EventFields = z.output<typeof eventFieldsSchema>;

/** @throws {GoogleError} 400 */
export function parseEventFields(body: unknown): EventFields {
  const parsed = eventFieldsSchema.safeParse(body);
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path.join('.') ?? '';
    throw invalid(path ? `Invalid value for: ${path}` : 'Parse Error', path || undefined);
  }
  if (parsed.data.recurrence?.length)
    throw new GoogleError({ code: 400, reason: 'invalid', message: 'Recurring events are not simulated.' });
  return parsed.data;
}

/** Client-supplied ids are base32hex. @throws {GoogleError} 400 */
export function checkEventId(id: string): string {
  if (!/^[a-v0-9]{5,1024}$/.test(id)) throw invalid('Invalid resource id value.');
  return id;
}

/** The fields after a JSON merge patch (RFC 7396): null removes, objects are merged, arrays replaced. */
export function mergeFields(fields: EventFields, patch: EventFields): EventFields {
  return eventFieldsSchema.parse(mergePatch(fields, patch));
}

function mergePatch(target: object, patch: object): Record<string, unknown> {
  const merged: Record<string, unknown> = Object.fromEntries(Object.entries(target));
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    const current = merged[name];
    if (value === null) delete merged[name];
    else if (isPlainObject(value)) merged[name] = mergePatch(isPlainObject(current) ? current : {}, value);
    else merged[name] = value;
  }
  return merged;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

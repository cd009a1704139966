import { z } from 'zod';
import { localeSchema } from './auth.ts';
import { instantSchema, userIdSchema } from './ids.ts';
import { acceptedNoticeSchema } from './link-notice.ts';

const timeOfDaySchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is a time of day like 09:00');

/** Opening hours of one day in the owner's time zone, in order, not overlapping. An empty list means closed. */
const openingSchema = z
  .array(z.strictObject({ from: timeOfDaySchema, to: timeOfDaySchema }))
  .max(4)
  .refine(
    (spans) => spans.every((span, i) => span.from < span.to && (i === 0 || (spans[i - 1]?.to ?? '') <= span.from)),
    'has spans that end before they begin, overlap, or are out of order',
  );

export const workingHoursSchema = z.strictObject({
  mon: openingSchema,
  tue: openingSchema,
  wed: openingSchema,
  thu: openingSchema,
  fri: openingSchema,
  sat: openingSchema,
  sun: openingSchema,
});
export type WorkingHours = z.infer<typeof workingHoursSchema>;

export const timeZoneSchema = z.string().refine(isTimeZone, 'is not an IANA time zone like America/Sao_Paulo');

export const meSchema = z.object({
  id: userIdSchema,
  email: z.string(),
  name: z.string(),
  locale: localeSchema,
  timeZone: timeZoneSchema,
  workingHours: workingHoursSchema,
  /** Length of an appointment when the customer names none. */
  appointmentMinutes: z.int(),
  /** What the assistant may tell customers: services, prices, address. */
  about: z.string(),
  /** Notices before the link that were accepted, each version once, oldest first. */
  linkNotices: z.array(acceptedNoticeSchema).default([]),
  createdAt: instantSchema,
  /**
   * When a login was ended because two used it: a browser's key may have been copied. Until its owner has read so.
   */
  loginMisusedAt: instantSchema.nullish(),
});

export const updateMeRequestSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(100),
    locale: localeSchema,
    timeZone: timeZoneSchema,
    workingHours: workingHoursSchema,
    appointmentMinutes: z.int().min(5).max(480),
    about: z.string().max(4000),
    /** The notice was read. */
    loginMisusedAt: z.null(),
  })
  .partial();

/** The password once more: whoever finds an open browser must not be able to erase the account. */
export const eraseMeRequestSchema = z.strictObject({ password: z.string().min(1).max(256) });

/** An erasure that has begun. It can't be stopped any more. */
export const erasureSchema = z.object({ requestedAt: instantSchema });

export type Me = z.infer<typeof meSchema>;
export type EraseMeRequest = z.infer<typeof eraseMeRequestSchema>;
export type Erasure = z.infer<typeof erasureSchema>;
export type UpdateMeRequest = z.infer<typeof updateMeRequestSchema>;

function isTimeZone(value: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: value });
    return value.includes('/') || value === 'UTC';
  } catch {
    return false;
  }
}

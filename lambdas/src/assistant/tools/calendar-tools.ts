import type { Appointment, Me } from '@top-active/core/contracts';
import { freeSlots, isSlotFree } from '@top-active/core/domain';
import { z } from 'zod';
import type { Calendar } from '../../google/calendar.ts';
import { localDay, localTime, resolveEnd, resolveTime } from '../owner-time.ts';
import { defineTool, type Tool } from './tool.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
/** Nothing is offered that begins sooner. */
const leadMinutes = 60;
const longestSearch = 31 * day;
const shownSlots = 40;

export interface CalendarTools {
  tools: readonly Tool[];
  /** The last proposal that was accepted. */
  proposal: () => Appointment | undefined;
}

export interface CalendarToolsOptions {
  owner: Pick<Me, 'timeZone' | 'workingHours' | 'appointmentMinutes'>;
  calendar: Calendar;
  now: () => number;
}

const durationSchema = z.int().min(5).max(480).nullable();
const findSchema = z.object({
  from: z.string().describe('Local date or time to search from, like 2026-11-24 or 2026-11-24T14:00'),
  to: z.string().describe('Local date or time to search to, at most 31 days later'),
  duration_minutes: durationSchema.describe('Length of the appointment; null for the usual one'),
});
const proposeSchema = z.object({
  start: z.string().describe('Local time as find_free_slots gave it, like 2026-11-24T14:00'),
  duration_minutes: durationSchema.describe('Length; null for the usual one'),
  title: z.string().trim().min(1).describe("Title for the owner's calendar, like: Limpeza de pele, Marina"),
});

/** The tools for one reply. Free slots are computed here; the model only ever sees their times. */
export function createCalendarTools({ owner, calendar, now }: CalendarToolsOptions): CalendarTools {
  const { timeZone, workingHours } = owner;
  let accepted: Appointment | undefined;

  async function find(args: z.infer<typeof findSchema>): Promise<object> {
    const asked = resolveTime(args.from, timeZone);
    const end = resolveEnd(args.to, timeZone);
    if (asked === undefined || end === undefined) return { error: 'from and to must be times like 2026-11-24T14:00' };
    const from = Math.max(asked, now() + leadMinutes * minute);
    const to = Math.min(end, from + longestSearch);
    if (to <= from) return { slots: [], note: 'This time is past, or too soon.' };
    const slots = freeSlots({
      workingHours,
      timeZone,
      busy: await calendar.busy({ start: iso(from), end: iso(to) }),
      durationMinutes: args.duration_minutes ?? owner.appointmentMinutes,
      now: iso(from),
      leadMinutes: 0,
      days: Math.ceil((to - from) / day) + 1,
      limit: shownSlots,
    }).filter((slot) => slot.end <= iso(to));
    return {
      time_zone: timeZone,
      slots: slots.map(({ start }) => ({ start: localTime(start, timeZone), day: localDay(start, timeZone) })),
    };
  }

  async function propose(args: z.infer<typeof proposeSchema>): Promise<object> {
    const start = resolveTime(args.start, timeZone);
    if (start === undefined) return { accepted: false, reason: 'start must be a time like 2026-11-24T14:00' };
    const end = start + (args.duration_minutes ?? owner.appointmentMinutes) * minute;
    if (start < now() + leadMinutes * minute) return { accepted: false, reason: 'This time is past, or too soon.' };
    const slot = { start: iso(start), end: iso(end) };
    const busy = await calendar.busy(slot);
    if (!isSlotFree(slot, { workingHours, timeZone, busy }, iso(now())))
      return { accepted: false, reason: 'This time is not free. Take one that find_free_slots returned.' };
    accepted = { title: args.title.slice(0, 200).toWellFormed(), ...slot, timeZone };
    return {
      accepted: true,
      start: localTime(start, timeZone),
      end: localTime(end, timeZone),
      day: localDay(start, timeZone),
    };
  }

  return {
    tools: [
      defineTool({
        name: 'find_free_slots',
        description: "Free times in the owner's calendar within opening hours, earliest first.",
        schema: findSchema,
        run: find,
      }),
      defineTool({
        name: 'propose_appointment',
        description:
          'Proposes one appointment to the owner together with the reply. The last one that is accepted counts.',
        schema: proposeSchema,
        run: propose,
      }),
    ],
    proposal: () => accepted,
  };
}

function iso(epoch: number): string {
  return new Date(epoch).toISOString();
}

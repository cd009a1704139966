import type { Appointment, Me } from '@top-active/core/contracts';
import { freeSlots, isSlotFree } from '@top-active/core/domain';
import type { FunctionTool } from 'openai/resources/responses/responses';
import { z } from 'zod';
import type { Calendar } from '../google/calendar.ts';
import { localDay, localTime, resolveEnd, resolveTime } from './owner-time.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
/** Nothing is offered that begins sooner. */
const leadMinutes = 60;
const longestSearch = 31 * day;
const shownSlots = 40;

export const calendarTools: FunctionTool[] = [
  {
    type: 'function',
    name: 'find_free_slots',
    description: "Free times in the owner's calendar within opening hours, earliest first.",
    strict: true,
    parameters: {
      type: 'object',
      properties: {
        from: { type: 'string', description: 'Local date or time to search from, like 2026-11-24 or 2026-11-24T14:00' },
        to: { type: 'string', description: 'Local date or time to search to, at most 31 days later' },
        duration_minutes: {
          type: ['integer', 'null'],
          description: 'Length of the appointment; null for the usual one',
        },
      },
      required: ['from', 'to', 'duration_minutes'],
      additionalProperties: false,
    },
  },
  {
    type: 'function',
    name: 'propose_appointment',
    description: 'Proposes one appointment to the owner together with the reply. The last one that is accepted counts.',
    strict: true,
    parameters: {
      type: 'object',
      properties: {
        start: { type: 'string', description: 'Local time as find_free_slots gave it, like 2026-11-24T14:00' },
        duration_minutes: { type: ['integer', 'null'], description: 'Length; null for the usual one' },
        title: { type: 'string', description: "Title for the owner's calendar, like: Limpeza de pele, Marina" },
      },
      required: ['start', 'duration_minutes', 'title'],
      additionalProperties: false,
    },
  },
];

export interface ToolBench {
  /** The tool's output for the model, as JSON. What a model asks wrongly is told to it, not thrown. */
  run(name: string, args: string): Promise<string>;
  /** The last proposal that was accepted. */
  proposal(): Appointment | undefined;
}

export interface ToolBenchOptions {
  owner: Pick<Me, 'timeZone' | 'workingHours' | 'appointmentMinutes'>;
  calendar: Calendar;
  now: () => number;
}

const durationSchema = z.int().min(5).max(480).nullish();
const findSchema = z.object({ from: z.string(), to: z.string(), duration_minutes: durationSchema });
const proposeSchema = z.object({
  start: z.string(),
  duration_minutes: durationSchema,
  title: z.string().trim().min(1),
});

/** Runs the tools for one reply. Free slots are computed here; the model only ever sees their times. */
export function createToolBench({ owner, calendar, now }: ToolBenchOptions): ToolBench {
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
    proposal: () => accepted,
    async run(name, args) {
      if (name === 'find_free_slots') return JSON.stringify(await withArguments(args, findSchema, find));
      if (name === 'propose_appointment') return JSON.stringify(await withArguments(args, proposeSchema, propose));
      return JSON.stringify({ error: `There is no tool ${name}` });
    },
  };
}

async function withArguments<S extends z.ZodType>(
  args: string,
  schema: S,
  run: (args: z.infer<S>) => Promise<object>,
): Promise<object> {
  const parsed = schema.safeParse(jsonOf(args));
  if (parsed.success) return run(parsed.data);
  return {
    error: `Wrong arguments: ${parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')}`,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema refuses it with a message for the model.
    return undefined;
  }
}

function iso(epoch: number): string {
  return new Date(epoch).toISOString();
}

import type { Locale } from '@top-active/core/contracts';
import type { Temporal } from 'temporal-polyfill';
import type { JsonSchema } from '../strict-schema.ts';
import type { Slot } from './slots.ts';

/** What the model has in mind and may write into the arguments of a call. */
export interface Facts {
  /** Of a search. */
  range?: { from: Temporal.PlainDateTime; to: Temporal.PlainDateTime } | undefined;
  /** Of a proposal. */
  slot?: Slot | undefined;
  /** Undefined: whatever is usual. */
  durationMinutes?: number | undefined;
  usualMinutes: number;
  title: string;
  customerName?: string | undefined;
  reply: string;
  needsOwner: boolean;
  intent: string;
  timeZone: string;
  language: Locale;
}

type Wanted = string | number | boolean | { time: Temporal.PlainDateTime; written?: string | undefined } | undefined;

/** Tells by a property's name what belongs into it. The first rule that fits counts. */
const rules: readonly [RegExp, (facts: Facts) => Wanted][] = [
  [/time_?zone|^tz$/i, ({ timeZone }) => timeZone],
  [/duration|minutes|length/i, ({ durationMinutes }) => durationMinutes],
  [
    /^(start|begin|when|date_?time|slot|time$)|starts?_?(at|time)/i,
    ({ slot, range }) => (slot ? { time: slot.start, written: slot.written } : range && { time: range.from }),
  ],
  [/^end|ends?_?(at|time)|finish/i, (facts) => endOf(facts)],
  [/^(from|after|since|earliest)|min$|_from$/i, ({ range, slot }) => timeOf(range?.from ?? slot?.start)],
  [/^(to|until|before|latest)$|max$|_to$|^to_/i, ({ range, slot }) => timeOf(range?.to ?? slot?.start)],
  [/date|day/i, ({ slot, range }) => timeOf(slot?.start ?? range?.from)],
  [/title|summary|subject|service/i, ({ title }) => title],
  [/(customer|client|contact|patient).*name|^name$/i, ({ customerName }) => customerName],
  [/reply|message|text|answer|response|body/i, ({ reply }) => reply],
  [/lang|locale/i, ({ language }) => language],
  [/intent|kind|category|type/i, ({ intent }) => intent],
  [/owner|hand_?(over|off)|human|escalat/i, ({ needsOwner }) => needsOwner],
];

/**
 * An object that satisfies the schema, filled from what the properties are called and how their schemas describe them.
 */
export function fillObject(schema: JsonSchema, facts: Facts): Record<string, unknown> {
  const exampleTime = timeShapeIn(JSON.stringify(schema));
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, property]) => [
      name,
      fillProperty({ name, schema: property, facts, exampleTime }),
    ]),
  );
}

interface Property {
  name: string;
  schema: JsonSchema;
  facts: Facts;
  exampleTime: string | undefined;
}

function fillProperty({ name, schema, facts, exampleTime }: Property): unknown {
  const wanted = rules.find(([pattern]) => pattern.test(name))?.[1](facts);
  const branch = schema.anyOf?.find((option) => option.type !== 'null');
  const types = new Set([schema.type ?? branch?.type ?? []].flat());
  const nullable = types.has('null') || (schema.anyOf?.some((option) => option.type === 'null') ?? false);
  const own = branch ?? schema;
  if (own.const !== undefined) return own.const;
  if (own.enum) return own.enum.includes(wanted) ? wanted : nullable ? null : own.enum[0];
  if (types.has('object') || own.properties) return fillObject(own, facts);
  if (types.has('array')) return [];
  if (types.has('string')) {
    if (typeof wanted === 'object')
      return writeTime(wanted, timeShapeIn(JSON.stringify(own)) ?? exampleTime, own.format, facts.timeZone);
    if (typeof wanted === 'string') return wanted;
    return nullable ? null : '';
  }
  if (types.has('integer') || types.has('number')) {
    if (typeof wanted === 'number') return clamp(wanted, own);
    if (nullable) return null;
    return clamp(
      typeof own.default === 'number' ? own.default : /duration|minutes|length/i.test(name) ? facts.usualMinutes : 0,
      own,
    );
  }
  if (types.has('boolean')) return typeof wanted === 'boolean' ? wanted : false;
  return null;
}

function endOf(facts: Facts): Wanted {
  const { slot, range, durationMinutes, usualMinutes } = facts;
  if (!slot) return timeOf(range?.to);
  return timeOf(slot.end ?? slot.start.add({ minutes: durationMinutes ?? usualMinutes }));
}

function timeOf(time: Temporal.PlainDateTime | undefined): Wanted {
  return time && { time };
}

/** The longest example of a time in a schema's words. */
function timeShapeIn(text: string): string | undefined {
  const found = text.match(/\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})?)?/g) ?? [];
  return found.toSorted((one, two) => two.length - one.length)[0];
}

/** A time in the shape of the example; without one, as RFC 3339 with the zone's offset. */
function writeTime(
  { time, written }: { time: Temporal.PlainDateTime; written?: string | undefined },
  example: string | undefined,
  format: string | undefined,
  timeZone: string,
): string {
  if (format === 'date' || example?.length === 10) return time.toPlainDate().toString();
  const zoned = time.toZonedDateTime(timeZone);
  const hasOffset = example === undefined || /(?:Z|[+-]\d{2}:\d{2})$/.test(example);
  // The tool knows its own words best.
  if (
    written !== undefined &&
    (example === undefined
      ? format !== 'date-time' || /(?:Z|[+-]\d{2}:\d{2})$/.test(written)
      : hasOffset === /(?:Z|[+-]\d{2}:\d{2})$/.test(written))
  )
    return written;
  if (!hasOffset)
    return time.toString({ smallestUnit: /T\d{2}:\d{2}:\d{2}/.test(example ?? '') ? 'second' : 'minute' });
  if (example?.endsWith('Z')) return zoned.toInstant().toString({ smallestUnit: 'second' });
  return zoned.toString({ smallestUnit: 'second', timeZoneName: 'never' });
}

function clamp(value: number, { minimum = -Infinity, maximum = Infinity }: JsonSchema): number {
  return Math.min(maximum, Math.max(minimum, value));
}

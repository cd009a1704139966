import type { OperatorFacts } from '@top-active/aws';
import { z } from 'zod';
import { parseLogLine } from './parse-log-line.ts';

/** What the session host logged about the reception of its sessions. Times in milliseconds. */
export interface LoggedReception {
  /** When it last logged something. */
  at: number;
  /** Sessions with trouble, by build. */
  troubled: ReadonlyMap<string, { count: number; at: number }>;
}

/** The host logs each trouble once a minute: one that it hasn't repeated for so long is over. */
const heldMs = 180_000;

const lineSchema = z.object({
  ReceptionTrouble: z.union([z.number(), z.array(z.number())]),
  build: z.string().optional(),
});

/**
 * Takes over what a log line says. Metrics are log lines: one for each build with trouble, written at once; or, among
 * other figures and up to a minute late, zeros while there is none.
 * @param at of the line
 */
export function noteReception(
  before: LoggedReception | undefined,
  line: string,
  at: number,
): LoggedReception | undefined {
  if (!line.includes('"ReceptionTrouble":')) return before;
  const told = lineSchema.safeParse(parseLogLine(line)).data;
  if (told === undefined) return before;
  const { build, ReceptionTrouble } = told;
  const troubled = new Map(before?.troubled);
  if (build !== undefined) troubled.set(build, { count: [ReceptionTrouble].flat().at(-1) ?? 0, at });
  return { at, troubled };
}

/** Undefined until something was logged. @param now milliseconds */
export function receptionFact(heard: LoggedReception | undefined, now: number): OperatorFacts['reception'] {
  if (heard === undefined) return undefined;
  const current = [...heard.troubled].filter(([, { at }]) => now - at < heldMs);
  const troubled = Object.fromEntries(current.map(([build, { count }]) => [build, count]));
  return { at: new Date(heard.at).toISOString(), troubled };
}

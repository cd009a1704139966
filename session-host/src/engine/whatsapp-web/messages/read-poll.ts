import type { Poll } from '@top-active/core/contracts';
import { z } from 'zod';
import { clip, clipped } from './clip.ts';

/** WhatsApp's own limits are 255 characters, 12 options with 100 characters each. */
const maxQuestionLength = 1_000;
const maxOptions = 100;
const maxOptionLength = 500;

const optionSchema = z.object({ name: z.string(), localId: z.number().optional().catch(undefined) });

/** Who chose what. Each voter counts once. */
export interface Vote {
  voter: string;
  /** Numbers of the options, as the poll has them. */
  options: readonly number[];
}

/**
 * @param selectable how many options one may choose; 0: as many as one likes
 * @param votes undefined: they could not be read
 */
export function readPoll({
  question,
  options,
  selectable,
  votes,
}: {
  question: string | undefined;
  options: readonly unknown[] | undefined;
  selectable: number | undefined;
  votes: readonly Vote[] | undefined;
}): Poll | undefined {
  const read = (options ?? []).slice(0, maxOptions).flatMap((option, place) => {
    const { data } = optionSchema.safeParse(option);
    return data ? [{ text: clip(data.name, maxOptionLength), localId: data.localId ?? place }] : [];
  });
  const asked = clipped(question, maxQuestionLength);
  if (asked === undefined && read.length === 0) return undefined;
  const latest = votes && new Map(votes.map(({ voter, options: chosen }) => [voter, new Set(chosen)]));
  const countOf = (localId: number) => latest && [...latest.values()].filter((chosen) => chosen.has(localId)).length;
  return {
    question: asked ?? '',
    options: read.map(({ text, localId }) => {
      const count = countOf(localId);
      return { text, ...(count !== undefined && { votes: count }) };
    }),
    multiple: selectable !== 1,
  };
}

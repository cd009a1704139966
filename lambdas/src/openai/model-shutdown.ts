import type OpenAI from 'openai';
import { openAiFailureOf, type OpenAiFailure } from './openai-failure.ts';

const dayMs = 86_400_000;
/** Owners are told this long before; the operator, who has to act, is told at 45. */
export const warnOwnersDays = 60;

export type LookedUp =
  | { available: true; shutdownDate?: string }
  | { available: false; failure: OpenAiFailure | undefined };

/** What OpenAI says of a model, with a key that may read models. */
export async function lookUpModel(openai: OpenAI, model: string): Promise<LookedUp> {
  try {
    const { shutdown_date: date } = await openai.models.retrieve(model);
    return { available: true, ...(date && isDate(date) && { shutdownDate: date }) };
  } catch (error) {
    return { available: false, failure: openAiFailureOf(error) };
  }
}

/** Whole days until the day begins, in UTC; 0 on that day and after it. */
export function daysUntil(date: string, now: number): number {
  return Math.max(0, Math.ceil((Date.parse(`${date}T00:00:00Z`) - now) / dayMs));
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
}

import type { Message } from './api.ts';

/** A poll as its message carries it, under the names of WhatsApp's page. */
export function pollOf({ extra }: Message): { question: string; options: string[]; multiple: boolean } {
  const { pollName, pollOptions, pollSelectableOptionsCount } = extra;
  const options = Array.isArray(pollOptions) ? pollOptions : [];
  return {
    question: typeof pollName === 'string' ? pollName : '',
    options: options.map((option: { name?: unknown }) => String(option.name)),
    multiple: pollSelectableOptionsCount === 0,
  };
}

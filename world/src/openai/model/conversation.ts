import { z } from 'zod';
import { textOf, type InputItem } from '../create-request.ts';

export interface Turn {
  who: 'customer' | 'business';
  text: string;
  /** `2026-11-24` when the app said on which day it was written. */
  day?: string | undefined;
}

interface Round {
  name: string;
  arguments: string;
  output: string;
}

export interface Conversation {
  /** Oldest first. */
  turns: Turn[];
  /** What the customer said since the business last spoke, as one text. */
  customerText: string;
  /** The business' last words before it. */
  businessText: string;
  /** Tool calls since the customer last spoke. */
  rounds: Round[];
  /** What the app says about the situation, besides `instructions`. */
  developerText: string;
}

/**
 * The input as a talk between a customer (user) and a business (assistant). Tool calls belong to the last customer
 * turn.
 */
export function readConversation(items: readonly InputItem[]): Conversation {
  const turns: Turn[] = [];
  const developer: string[] = [];
  let rounds: Round[] = [];
  let day: string | undefined;
  for (const item of items) {
    if (item.type === 'function_call') rounds.push({ name: item.name, arguments: item.arguments, output: '' });
    if (item.type === 'function_call_output') {
      const call = rounds.find((round) => round.output === '' && hasId(items, item.call_id, round));
      if (call) call.output = textOf(item.output);
    }
    if (item.type !== 'message') continue;
    const text = textOf(item.content);
    if (item.role === 'developer' || item.role === 'system') {
      developer.push(text);
      day = /\b\d{4}-\d{2}-\d{2}\b/.exec(text)?.[0] ?? day;
    } else {
      if (item.role === 'user') rounds = [];
      turns.push(
        ...(item.role === 'user' ? readTranscript(text) : [{ who: 'business' as const, text }]).map((turn) => ({
          ...turn,
          day,
        })),
      );
    }
  }
  const lastBusiness = turns.findLastIndex(({ who }) => who === 'business');
  return {
    turns,
    customerText: turns
      .slice(lastBusiness + 1)
      .map(({ text }) => text)
      .join('\n'),
    businessText: turns[lastBusiness]?.text ?? '',
    rounds,
    developerText: developer.join('\n'),
  };
}

function hasId(items: readonly InputItem[], callId: string, round: Round): boolean {
  return items.some(
    (item) =>
      item.type === 'function_call' &&
      item.call_id === callId &&
      item.name === round.name &&
      item.arguments === round.arguments,
  );
}

const lineSchema = z.object({
  who: z.string(),
  text: z.string(),
});
const spoken =
  /^\s*(?:\[[^\]]*\]\s*)?(cliente|customer|contato|contact|user|dono|owner|business|assistente?|assistant|atendente)\s*:\s*(.+)$/i;

/** A user message is one thing said, or a whole transcript: JSON, or lines like `Cliente: …`. */
function readTranscript(text: string): Turn[] {
  const listed = readJsonTranscript(text);
  if (listed) return listed;
  const lines = text.split('\n').map((line) => spoken.exec(line));
  if (!lines.some(Boolean)) return [{ who: 'customer', text }];
  return lines.flatMap((match) => (match ? [toTurn({ who: match[1] ?? '', text: match[2] ?? '' })] : []));
}

function readJsonTranscript(text: string): Turn[] | undefined {
  const start = text.indexOf('[{');
  const end = text.lastIndexOf('}]');
  if (start < 0 || end < start) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(text.slice(start, end + 2));
  } catch {
    // A customer may well write brackets: then it is what they said.
    return undefined;
  }
  const named = z.array(z.record(z.string(), z.unknown())).safeParse(json);
  const lines = named.data?.map(
    (line) =>
      lineSchema.safeParse({
        who: line.author ?? line.from ?? line.role ?? line.sender,
        text: line.text ?? line.content ?? line.body,
      }).data,
  );
  return lines?.every((line) => line !== undefined) ? lines.map(toTurn) : undefined;
}

function toTurn({ who, text }: z.output<typeof lineSchema>): Turn {
  return { who: /^(cliente|customer|contato|contact|user)$/i.test(who) ? 'customer' : 'business', text };
}

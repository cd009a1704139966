import type { OutputItem, OutputText, Refusal, ResponseObject } from './response-object.ts';
import { inPieces } from './tokens.ts';

export interface StreamEvent {
  type: string;
  sequence_number: number;
  [field: string]: unknown;
}

type Draft = { type: string; [field: string]: unknown };

/**
 * The events that lead to a finished response, in OpenAI's order.
 * https://platform.openai.com/docs/api-reference/responses-streaming
 */
export function* streamEvents(final: ResponseObject): Generator<StreamEvent> {
  let number = 0;
  for (const event of drafts(final)) yield { ...event, sequence_number: number++ };
}

function* drafts(final: ResponseObject): Generator<Draft> {
  const begun = {
    ...final,
    status: 'in_progress',
    output: [],
    usage: null,
    completed_at: null,
    incomplete_details: null,
  };
  yield { type: 'response.created', response: begun };
  yield { type: 'response.in_progress', response: begun };
  for (const [index, item] of final.output.entries()) yield* itemEvents(item, index);
  yield { type: `response.${final.status}`, response: final };
}

function* itemEvents(item: OutputItem, index: number): Generator<Draft> {
  yield { type: 'response.output_item.added', output_index: index, item: begunItem(item) };
  if (item.type === 'message')
    for (const [part, content] of item.content.entries()) {
      const place = { item_id: item.id, output_index: index, content_index: part };
      yield* content.type === 'output_text' ? textEvents(place, content) : refusalEvents(place, content);
    }
  if (item.type === 'function_call') {
    const place = { item_id: item.id, output_index: index };
    for (const delta of inPieces(item.arguments))
      yield { type: 'response.function_call_arguments.delta', ...place, delta };
    yield { type: 'response.function_call_arguments.done', ...place, arguments: item.arguments };
  }
  yield { type: 'response.output_item.done', output_index: index, item };
}

function* textEvents(
  place: { item_id: string; output_index: number; content_index: number },
  part: OutputText,
): Generator<Draft> {
  yield { type: 'response.content_part.added', ...place, part: { ...part, text: '' } };
  for (const delta of inPieces(part.text)) yield { type: 'response.output_text.delta', ...place, delta, logprobs: [] };
  yield { type: 'response.output_text.done', ...place, text: part.text, logprobs: [] };
  yield { type: 'response.content_part.done', ...place, part };
}

function* refusalEvents(
  place: { item_id: string; output_index: number; content_index: number },
  part: Refusal,
): Generator<Draft> {
  yield { type: 'response.content_part.added', ...place, part: { ...part, refusal: '' } };
  for (const delta of inPieces(part.refusal)) yield { type: 'response.refusal.delta', ...place, delta };
  yield { type: 'response.refusal.done', ...place, refusal: part.refusal };
  yield { type: 'response.content_part.done', ...place, part };
}

function begunItem(item: OutputItem): OutputItem {
  switch (item.type) {
    case 'message':
      return { ...item, status: 'in_progress', content: [] };
    case 'function_call':
      return { ...item, status: 'in_progress', arguments: '' };
    default:
      return item;
  }
}

import { randomBytes } from 'node:crypto';
import type { CreateRequest } from './create-request.ts';
import type { Usage } from './usage.ts';

export interface OutputText {
  type: 'output_text';
  text: string;
  annotations: never[];
  logprobs: never[];
}

export interface Refusal {
  type: 'refusal';
  refusal: string;
}

/** What a message is to the conversation: said on the way, or the answer. */
export type Phase = 'commentary' | 'final_answer';

export type OutputItem =
  | {
      id: string;
      type: 'message';
      status: 'completed' | 'in_progress' | 'incomplete';
      role: 'assistant';
      phase?: Phase;
      content: (OutputText | Refusal)[];
    }
  | {
      id: string;
      type: 'function_call';
      status: 'completed' | 'in_progress' | 'incomplete';
      call_id: string;
      name: string;
      arguments: string;
    }
  | { id: string; type: 'reasoning'; summary: never[]; encrypted_content?: string };

export interface ResponseObject {
  id: string;
  object: 'response';
  created_at: number;
  status: 'in_progress' | 'completed' | 'incomplete' | 'failed';
  output: OutputItem[];
  usage: Usage | null;
  error: { code: string; message: string } | null;
  incomplete_details: { reason: 'max_output_tokens' | 'content_filter' } | null;
  [field: string]: unknown;
}

export function newId(prefix: string): string {
  return `${prefix}_${randomBytes(24).toString('hex')}`;
}

export function messageItem(text: string, { complete, phase }: { complete: boolean; phase: Phase }): OutputItem {
  return {
    id: newId('msg'),
    type: 'message',
    status: complete ? 'completed' : 'incomplete',
    role: 'assistant',
    phase,
    content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
  };
}

export function refusalItem(refusal: string): OutputItem {
  return {
    id: newId('msg'),
    type: 'message',
    status: 'completed',
    role: 'assistant',
    phase: 'final_answer',
    content: [{ type: 'refusal', refusal }],
  };
}

/** One that was cut off is not complete, and its arguments are no JSON. */
export function functionCallItem(name: string, args: string, complete: boolean): OutputItem {
  const status = complete ? 'completed' : 'incomplete';
  return { id: newId('fc'), type: 'function_call', status, call_id: newId('call'), name, arguments: args };
}

/** A response whose output is yet to come. The model names itself, so that nobody takes it for a real one. */
export function emptyResponse({ request, at }: { request: CreateRequest; at: number }): ResponseObject {
  return {
    id: newId('resp'),
    object: 'response',
    created_at: Math.floor(at / 1000),
    status: 'in_progress',
    background: false,
    completed_at: null,
    error: null,
    incomplete_details: null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    max_tool_calls: null,
    model: `simulated-${request.model}`,
    output: [],
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    previous_response_id: request.previous_response_id ?? null,
    reasoning: { effort: request.reasoning?.effort ?? null, summary: null },
    service_tier: 'default',
    store: request.store ?? true,
    temperature: request.temperature ?? 1,
    text: { format: request.text?.format ?? { type: 'text' }, verbosity: request.text?.verbosity ?? 'medium' },
    tool_choice: request.tool_choice,
    tools: request.tools.map((tool) => ({ ...tool, strict: tool.strict ?? true })),
    top_logprobs: 0,
    top_p: request.top_p ?? 1,
    truncation: 'disabled',
    usage: null,
    user: null,
    metadata: { ...request.metadata, simulated: 'true' },
  };
}

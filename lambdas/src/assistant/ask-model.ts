import { maxMessageLength } from '@top-active/core/contracts';
import { readReply, requireComplete } from './read-reply.ts';
import type OpenAI from 'openai';
import type {
  FunctionTool,
  Response,
  ResponseCreateParamsNonStreaming,
  ResponseInputItem,
  ResponseOutputItem,
} from 'openai/resources/responses/responses';

/** Questions to the model for one reply, tool calls included. */
export const maxRounds = 4;
const maxOutputTokens = 2_000;

export interface Question {
  openai: OpenAI;
  model: string;
  instructions: string;
  input: readonly ResponseInputItem[];
  tools: FunctionTool[];
  runTool: (name: string, args: string) => Promise<string>;
  signal: AbortSignal;
  /** Called after every round, also when a later one fails. */
  onUsage: (usage: { inputTokens: number; outputTokens: number }) => void;
}

export interface Answer {
  /** Never empty. */
  text: string;
  /** As the answer says, which may be more exact than what was asked for. */
  model: string;
  simulated: boolean;
}

/**
 * Asks until there is a text. In the last round the model may call no tool.
 * @throws {APIError}
 * @throws {NoAnswer} the model answered, and nothing of it is a reply
 */
export async function askModel({ openai, runTool, signal, onUsage, ...question }: Question): Promise<Answer> {
  const input = [...question.input];
  for (let round = 1; ; round++) {
    const response = await openai.responses.create(
      {
        model: question.model,
        instructions: question.instructions,
        input,
        tools: question.tools,
        store: false,
        max_output_tokens: maxOutputTokens,
        parallel_tool_calls: false,
        ...(question.tools.length > 0 && { tool_choice: round < maxRounds ? 'auto' : 'none' }),
        ...(isReasoning(question.model) && reasoningParams),
      },
      { signal },
    );
    onUsage({ inputTokens: response.usage?.input_tokens ?? 0, outputTokens: response.usage?.output_tokens ?? 0 });
    // Before its calls are looked at: one that was cut off is no call.
    requireComplete(response);
    const calls = response.output.filter((item) => item.type === 'function_call');
    if (calls.length === 0 || round === maxRounds) return answerOf(response);
    input.push(...response.output.filter(isRepeatable));
    for (const call of calls) {
      const output = await runTool(call.name, call.arguments);
      input.push({ type: 'function_call_output', call_id: call.call_id, output });
    }
  }
}

// Nothing is stored with OpenAI, so what the model thought must travel along, and only encrypted it can.
const reasoningParams: Pick<ResponseCreateParamsNonStreaming, 'reasoning' | 'include'> = {
  reasoning: { effort: 'low' },
  include: ['reasoning.encrypted_content'],
};

/** What the model must see again of its own answer, to go on from there. */
function isRepeatable(item: ResponseOutputItem) {
  return item.type === 'reasoning' || item.type === 'function_call' || item.type === 'message';
}

function isReasoning(model: string): boolean {
  return /^(gpt-[5-9]|o\d)/.test(model);
}

function answerOf(response: Response): Answer {
  return {
    text: readReply(response).slice(0, maxMessageLength).toWellFormed(),
    model: response.model,
    simulated: response.metadata?.['simulated'] === 'true' || /simulat/i.test(response.model),
  };
}

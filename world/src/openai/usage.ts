import type { CreateRequest } from './create-request.ts';
import { countTokens } from './tokens.ts';

export interface Usage {
  input_tokens: number;
  input_tokens_details: { cached_tokens: number; cache_write_tokens: number };
  output_tokens: number;
  output_tokens_details: { reasoning_tokens: number };
  total_tokens: number;
}

/** Prompts are cached from here on, in steps of 128 tokens. https://platform.openai.com/docs/guides/prompt-caching */
const smallestCached = 1024;
const cacheStep = 128;
const tokensPerItem = 4;
const remembered = 200;

export interface UsageMeter {
  measure(call: { key: string; request: CreateRequest; outputText: string; reasoningTokens: number }): Usage;
}

/** Figures that depend on nothing but the requests: the same requests in the same order cost the same. */
export function createUsageMeter(): UsageMeter {
  const prompts: string[] = [];

  return {
    measure({ key, request, outputText, reasoningTokens }) {
      const texts = [
        request.instructions ?? '',
        ...request.tools.map((tool) => JSON.stringify(tool)),
        ...request.input.map((item) => JSON.stringify(item)),
      ];
      const input = texts.reduce((sum, text) => sum + countTokens(text) + (text ? tokensPerItem : 0), 0);
      const prompt = `${key}\n${texts.join('\n')}`;
      const known = Math.max(0, ...prompts.map((earlier) => sharedTokens(earlier, prompt)));
      const cached = known >= smallestCached ? Math.min(input, Math.floor(known / cacheStep) * cacheStep) : 0;
      prompts.push(prompt);
      if (prompts.length > remembered) prompts.shift();
      const output = countTokens(outputText) + reasoningTokens;
      return {
        input_tokens: input,
        input_tokens_details: { cached_tokens: cached, cache_write_tokens: 0 },
        output_tokens: output,
        output_tokens_details: { reasoning_tokens: reasoningTokens },
        total_tokens: input + output,
      };
    },
  };
}

function sharedTokens(one: string, two: string): number {
  const end = Math.min(one.length, two.length);
  let length = 0;
  while (length < end && one[length] === two[length]) length += 1;
  return length < smallestCached ? 0 : countTokens(two.slice(0, length));
}

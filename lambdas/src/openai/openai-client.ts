import OpenAI from 'openai';

export interface OpenAiOptions {
  key: string;
  /** `https://api.openai.com/v1`, or that of a simulated OpenAI. */
  baseUrl: string;
  timeoutMs: number;
  maxRetries: number;
}

/** A client for one user's key. It takes nothing from the environment and logs nothing. */
export function createOpenAi({ key, baseUrl, timeoutMs, maxRetries }: OpenAiOptions): OpenAI {
  return new OpenAI({
    apiKey: key,
    baseURL: baseUrl,
    organization: null,
    project: null,
    timeout: timeoutMs,
    maxRetries,
    logLevel: 'off',
  });
}

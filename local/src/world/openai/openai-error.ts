import type { Context } from 'hono';
import { z } from 'zod';

/** HTTP statuses of error answers. */
export const errorStatusSchema = z.literal([400, 401, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504]);
export type ErrorStatus = z.output<typeof errorStatusSchema>;

export interface OpenAiErrorOptions {
  status: ErrorStatus;
  message: string;
  /** `invalid_request_error` by default. */
  type?: string | undefined;
  /** Which parameter is wrong, as a path like `tools[0].parameters`. */
  param?: string | undefined;
  code?: string | undefined;
  headers?: Record<string, string> | undefined;
}

/** A refusal of the API. https://platform.openai.com/docs/guides/error-codes */
export class OpenAiError extends Error {
  override readonly name = 'OpenAiError';
  readonly options: OpenAiErrorOptions;

  constructor(options: OpenAiErrorOptions) {
    super(options.message);
    this.options = options;
  }
}

export function sendOpenAiError(c: Context, { options }: OpenAiError): Response {
  const { status, message, type = 'invalid_request_error', param = null, code = null, headers = {} } = options;
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
  return c.json({ error: { message, type, param, code } }, status);
}

export function badRequest(message: string, param: string, code?: string): OpenAiError {
  return new OpenAiError({ status: 400, message, param, code });
}

/** What a code of an error answer looks like at OpenAI; used by faults and scripts. */
export function errorOf({
  status,
  code,
  retryAfterSeconds,
}: {
  status: ErrorStatus;
  code: string;
  retryAfterSeconds?: number | undefined;
}): OpenAiError {
  const known = wordings[code];
  const headers = status === 429 || status === 503 ? { 'retry-after': String(retryAfterSeconds ?? 1) } : {};
  return new OpenAiError({
    status,
    message: known?.message ?? `Simulated error ${status} ${code}.`,
    type: known?.type ?? (status >= 500 ? 'server_error' : 'invalid_request_error'),
    code,
    headers,
  });
}

const wordings: Record<string, { type: string; message: string }> = {
  invalid_api_key: { type: 'invalid_request_error', message: 'Incorrect API key provided.' },
  rate_limit_exceeded: { type: 'requests', message: 'Rate limit reached for requests. Please try again in 1s.' },
  insufficient_quota: {
    type: 'insufficient_quota',
    message: 'You exceeded your current quota, please check your plan and billing details.',
  },
  server_error: {
    type: 'server_error',
    message: 'The server had an error while processing your request. Sorry about that!',
  },
  overloaded: {
    type: 'service_unavailable_error',
    message: 'The engine is currently overloaded, please try again later.',
  },
};

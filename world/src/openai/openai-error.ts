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

/** An error answer that a script asks for by its status and code. */
export function errorOf({ status, code }: { status: ErrorStatus; code: string }): OpenAiError {
  return new OpenAiError({
    status,
    message: `Simulated error ${status} ${code}.`,
    type: code === 'insufficient_quota' ? code : status >= 500 ? 'server_error' : 'invalid_request_error',
    code,
    headers: status === 429 || status === 503 ? { 'retry-after': '1' } : {},
  });
}

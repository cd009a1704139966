import { problemSchema, type RouteRequest } from '@top-active/core/contracts';
import { ApiProblem } from './problem.ts';

/** A question to a route of the API, or to any address. An empty answer is `undefined`. */
export type HttpRequest<T> = RouteRequest<T>;

export interface HttpOptions {
  fetch: typeof globalThis.fetch;
  /** Milliseconds until a request counts as lost. API Gateway gives up after 30 s. */
  timeout?: number | undefined;
}

/**
 * One request, one parsed answer. Throws `ApiProblem` for everything that isn't the expected answer.
 */
export type Send = <T>(request: HttpRequest<T>) => Promise<T>;

export function createHttp({ fetch, timeout = 20_000 }: HttpOptions): Send {
  return async function send<T>(request: HttpRequest<T>): Promise<T> {
    const response = await reach(fetch, request, timeout);
    if (!response.ok) throw await readProblem(response);
    const parsed = request.answer.safeParse(await readJson(response));
    if (!parsed.success) throw new ApiProblem('unexpected_answer', {}, parsed.error);
    return parsed.data;
  };
}

async function reach<T>(fetch: typeof globalThis.fetch, request: HttpRequest<T>, timeout: number): Promise<Response> {
  const headers = new Headers(request.headers);
  headers.set('accept', 'application/json, application/problem+json');
  if (request.body !== undefined) headers.set('content-type', 'application/json');
  try {
    return await fetch(request.path, {
      method: request.method,
      headers,
      credentials: 'same-origin',
      signal: AbortSignal.timeout(timeout),
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
  } catch (error) {
    throw new ApiProblem(isTimeout(error) ? 'timeout' : 'network', {}, error);
  }
}

async function readProblem(response: Response): Promise<ApiProblem> {
  const parsed = problemSchema.safeParse(await readJson(response).catch(() => undefined));
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  const wait = Number.isFinite(retryAfter) ? { retryAfter } : {};
  if (parsed.success) return new ApiProblem(parsed.data.code, { ...wait, ...parsed.data });
  return new ApiProblem(response.status >= 500 ? 'internal' : 'unexpected_answer', wait);
}

async function readJson(response: Response): Promise<unknown> {
  try {
    const text = await response.text();
    return text === '' ? undefined : JSON.parse(text);
  } catch (error) {
    throw new ApiProblem(isTimeout(error) ? 'timeout' : 'unexpected_answer', {}, error);
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}

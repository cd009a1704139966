import {
  apiRoutes,
  askRoute,
  problemSchema,
  type Answer,
  type ApiLine,
  type ApiRoutes,
  type HttpMethod,
  type Problem,
  type Question,
  type QuestionArgument,
} from '@top-active/core/contracts';
import type { z } from 'zod';

const timeoutMs = 30_000;

/** A refusal of the product's API. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly problem: Problem;

  constructor(problem: Problem, request: string) {
    super(`${request}: ${problem.status} ${problem.code}: ${problem.detail}`);
    this.problem = problem;
  }
}

interface ApiRequest {
  method?: HttpMethod;
  body?: unknown;
  headers?: Readonly<Record<string, string>> | undefined;
}

interface ApiQuestion<T> extends ApiRequest {
  /** Shape of the answer. */
  answer: z.ZodType<T>;
}

export interface ApiClient {
  readonly origin: string;
  /** Taken from confirm and login, sent as bearer. */
  accessToken: string | undefined;
  /** Asks a route of the table. */
  call<L extends ApiLine>(
    line: L,
    ...question: QuestionArgument<Question<L, ApiRoutes[L]>>
  ): Promise<Answer<ApiRoutes[L]>>;
  /** Asks any path, also what the table's types would not let through. */
  request<T>(path: string, question: ApiQuestion<T>): Promise<T>;
  /** Drops the answer. */
  request(path: string, request?: ApiRequest): Promise<void>;
}

/** Speaks the product's HTTP API as a browser does: bearer token, cookies, Origin. For tests, replay and benchmarks. */
export function createApiClient(origin: string): ApiClient {
  const cookies = new Map<string, string>();
  const client: ApiClient = { origin, accessToken: undefined, call, request };

  function call<L extends ApiLine>(line: L, ...question: QuestionArgument<Question<L, ApiRoutes[L]>>) {
    const { path, ...request } = askRoute(apiRoutes, line, ...question);
    return client.request(path, request);
  }

  function request<T>(path: string, question: ApiQuestion<T>): Promise<T>;
  function request(path: string, request?: ApiRequest): Promise<void>;
  async function request<T>(
    path: string,
    { method = 'GET', body, headers, answer }: ApiRequest & { answer?: z.ZodType<T> } = {},
  ): Promise<T | undefined> {
    const response = await fetch(origin + path, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        origin,
        ...(client.accessToken && { authorization: `Bearer ${client.accessToken}` }),
        ...(cookies.size > 0 && { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    keepCookies(response);
    const text = await response.text();
    if (response.status >= 400) throw new ApiError(problemOf(response, text), `${method} ${path}`);
    return answer?.parse(text === '' ? undefined : JSON.parse(text));
  }

  function keepCookies(response: Response): void {
    for (const cookie of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split(/=(.*)/s);
      if (/max-age=0/i.test(cookie) || value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
  }

  return client;
}

function problemOf(response: Response, text: string): Problem {
  const parsed = problemSchema.safeParse(tryJson(text));
  if (parsed.success) return parsed.data;
  return {
    type: 'about:blank',
    title: response.statusText,
    status: response.status,
    code: response.status === 401 ? 'unauthorized' : 'internal',
    detail: text.slice(0, 200),
    remedy: '',
    instance: '',
  };
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // API Gateway's own refusals aren't all JSON.
    return undefined;
  }
}

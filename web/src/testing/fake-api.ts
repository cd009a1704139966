import {
  apiRoutes,
  findRoute,
  type ApiLine,
  type Problem,
  type ProblemCode,
  type Route,
} from '@top-active/core/contracts';
import { z } from 'zod';
import { problemOf, refusal, respond } from './fake-answers.ts';
import { createFakeLog } from './fake-log.ts';
import { createFakeRoutes, type Call, type FakeCall, type FakeLine, type FakeRoutes } from './fake-routes.ts';
import { createFakeState, type FakeState } from './fake-state.ts';

export type { FakeState } from './fake-state.ts';

type FoundCall = Call & { params: Readonly<Record<string, string>> };

/** The HTTP API as the browser sees it, behind `fetch`: canned state, no rules of its own. For tests only. */
export function createFakeApi(parts: Partial<FakeState> = {}) {
  const state = createFakeState(parts);
  const log = createFakeLog(state);
  const routes = createFakeRoutes(state, log);
  const calls: Call[] = [];
  const refusals = new Map<string, { problem: Problem; headers: HeadersInit }[]>();
  const outages = new Map<string, number>();

  async function fetch(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
    const call = readCall(input, init);
    calls.push(call);
    const line = `${call.method} ${call.path}`;
    const outage = outages.get(line) ?? 0;
    if (outage > 0) {
      outages.set(line, outage - 1);
      throw new TypeError('Failed to fetch');
    }
    const refused = refusals.get(line)?.shift();
    if (refused) return respond(refused.problem, refused.problem.status, refused.headers);
    const found = findRoute(apiRoutes, call);
    return found && isServed(routes, found.line)
      ? answer(routes, { line: found.line, call: { ...call, params: found.params } })
      : refusal('not_found');
  }

  return {
    state,
    calls,
    fetch,
    /** The next request of this line (`POST /api/auth/login`) is refused. */
    refuse(
      line: string,
      code: ProblemCode,
      { status, headers = {}, ...details }: { status?: number; headers?: HeadersInit } & Partial<Problem> = {},
    ): void {
      refusals.set(line, [
        ...(refusals.get(line) ?? []),
        { problem: { ...problemOf(code, status), ...details }, headers },
      ]);
    },
    /** The next `times` requests of this line reach nobody. */
    cutOff: (line: string, times: number): void => void outages.set(line, times),
    /** Appends to the event log. */
    log: (...told: Parameters<typeof log.append>) => log.append(...told),
    /** Much has happened since, and the log has forgotten it. */
    forgetLog: () => log.forget(),
  };
}

const bodySchema = z.record(z.string(), z.unknown());

function readCall(input: RequestInfo | URL, init: RequestInit): Call {
  const url = new URL(input instanceof Request ? input.url : input, 'http://app.test');
  return {
    method: init.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    body: typeof init.body === 'string' ? bodySchema.parse(JSON.parse(init.body)) : {},
    headers: new Headers(init.headers),
  };
}

function isServed(routes: FakeRoutes, line: ApiLine): line is FakeLine {
  return line in routes;
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it holds the handler and its call together.
function answer<L extends FakeLine>(routes: FakeRoutes, { line, call }: { line: L; call: FoundCall }): Response {
  const validated = validate(line, call);
  if (!validated) return refusal('invalid_request');
  const result = routes[line](validated);
  if (result instanceof Response) return result;
  return result === undefined ? new Response(null, { status: 204 }) : respond(result, 200);
}

/** Undefined for a body that isn't what the route takes. */
function validate<L extends FakeLine>(line: L, call: FoundCall): FakeCall<L> | undefined;
function validate(line: FakeLine, call: FoundCall): object | undefined {
  const route: Route = apiRoutes[line];
  if (!route.body) return call;
  const body = route.body.safeParse(call.body);
  return body.success ? { ...call, body: body.data } : undefined;
}

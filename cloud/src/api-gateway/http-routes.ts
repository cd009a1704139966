export interface HttpRoute {
  /** As in API Gateway: `POST /api/auth/login`, `ANY /api/{proxy+}`, `GET /chats/{id}`, `$default`. */
  key: string;
  functionName: string;
  /** `jwt`: only with a valid token. `iam`: only signed by somebody who may. Default: `none`. */
  authorizer?: 'jwt' | 'iam' | 'none' | undefined;
}

export interface RouteMatch {
  route: HttpRoute;
  pathParameters: Record<string, string>;
}

/** Finds the route of a request; the path is decoded already. */
export type MatchRoute = (method: string, path: string) => RouteMatch | undefined;

interface ParsedRoute {
  route: HttpRoute;
  method: string;
  segments: readonly Segment[];
}

type Segment = { kind: 'text' | 'variable' | 'greedy'; name: string };

const rank = { text: 0, variable: 1, greedy: 2 } as const;

/**
 * Routes as API Gateway chooses among them: a full match before a greedy one before `$default`; text before a
 * variable; a method before ANY.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 * @throws Error on a key that API Gateway would refuse, or one given twice.
 */
export function createRouteMatcher(routes: readonly HttpRoute[]): MatchRoute {
  refuseDuplicates(routes);
  const fallback = routes.find((route) => route.key === '$default');
  const parsed = routes
    .filter((route) => route !== fallback)
    .map(parseRoute)
    .toSorted(compareRoutes);
  return (method, path) => {
    const parts = path.split('/').slice(1);
    for (const candidate of parsed) {
      if (candidate.method !== 'ANY' && candidate.method !== method) continue;
      const pathParameters = matchSegments(candidate.segments, parts);
      if (pathParameters) return { route: candidate.route, pathParameters };
    }
    return fallback && { route: fallback, pathParameters: {} };
  };
}

function refuseDuplicates(routes: readonly HttpRoute[]): void {
  const keys = routes.map((route) => route.key);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw new Error(`Route ${twice} is given twice.`);
}

function parseRoute(route: HttpRoute): ParsedRoute {
  const match = /^(ANY|GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \/(.*)$/.exec(route.key);
  if (!match) throw new Error(`"${route.key}" is not a route key of an HTTP API.`);
  const [, method = '', path = ''] = match;
  const segments = path.split('/').map(parseSegment);
  const greedy = segments.findIndex((segment) => segment.kind === 'greedy');
  if (greedy !== -1 && greedy !== segments.length - 1)
    throw new Error(`In "${route.key}" the greedy variable must come last.`);
  return { route, method, segments };
}

function parseSegment(text: string): Segment {
  const [, name, plus] = /^\{([^{}+]+)(\+?)\}$/.exec(text) ?? [];
  if (name === undefined) return { kind: 'text', name: text };
  return { kind: plus ? 'greedy' : 'variable', name };
}

function matchSegments(segments: readonly Segment[], parts: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, { kind, name }] of segments.entries()) {
    const part = parts[index];
    if (part === undefined) return undefined;
    if (kind === 'greedy') {
      const rest = parts.slice(index).join('/');
      return rest === '' ? undefined : { ...parameters, [name]: rest };
    }
    if (kind === 'variable' ? part === '' : part !== name) return undefined;
    if (kind === 'variable') parameters[name] = part;
  }
  return parts.length === segments.length ? parameters : undefined;
}

function compareRoutes(a: ParsedRoute, b: ParsedRoute): number {
  const isGreedy = (route: ParsedRoute) => (route.segments.at(-1)?.kind === 'greedy' ? 1 : 0);
  const byGreed = isGreedy(a) - isGreedy(b);
  if (byGreed !== 0) return byGreed;
  for (const [index, segment] of a.segments.entries()) {
    const other = b.segments[index];
    if (!other) break;
    const byKind = rank[segment.kind] - rank[other.kind];
    if (byKind !== 0) return byKind;
  }
  return b.segments.length - a.segments.length || Number(a.method === 'ANY') - Number(b.method === 'ANY');
}

import type { z } from 'zod';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Method and path of a route, in API Gateway's notation: `GET /api/chats/{id}`. */
export type RouteLine = `${HttpMethod} /${string}`;

/**
 * What a route of the HTTP API takes and answers. `jwt`: only with a valid access token. `iam`: only signed by a role
 * that may invoke it; such routes lie outside /api/, where CloudFront forwards nothing.
 */
export interface Route {
  access: 'jwt' | 'iam' | 'none';
  query?: z.ZodObject;
  headers?: z.ZodObject;
  /** `.optional()`: may be left out. */
  body?: z.ZodType;
  /** By status; null: no body. Refusals are problems, and no part of it. */
  answers: Partial<Record<200 | 201 | 202 | 204 | 302, z.ZodType | null>>;
}

export type RouteTable = Readonly<Record<RouteLine, Route>>;

export type MethodOf<L extends string> = L extends `${infer M extends HttpMethod} ${string}` ? M : never;
export type PathOf<L extends string> = L extends `${HttpMethod} ${infer P}` ? P : never;
/** Names in the braces of a path. */
export type ParameterOf<L extends string> = L extends `${string}{${infer N}}${infer Rest}`
  ? N | ParameterOf<Rest>
  : never;

/** Method and path of a line. */
export function partsOf<L extends RouteLine>(line: L): { method: MethodOf<L>; path: PathOf<L> };
export function partsOf(line: string): { method: string; path: string } {
  const [method = '', path = ''] = line.split(' ');
  return { method, path };
}

/** The route of a table that an address stands for, with what its path names. */
export function findRoute<T extends RouteTable>(
  table: T,
  { method, path }: { method: string; path: string },
): { line: keyof T & RouteLine; params: Record<string, string> } | undefined;
export function findRoute(table: RouteTable, { method, path }: { method: string; path: string }) {
  for (const [line] of entriesOf(table)) {
    const parts = partsOf(line);
    const params = parts.method === method ? matchPath(parts.path, path) : undefined;
    if (params) return { line, params };
  }
  return undefined;
}

/** What the names of a path's pattern stand for in an address; undefined when it is another path. */
export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith('{')) params[part.slice(1, -1)] = value;
    else if (part !== value) return undefined;
  }
  return params;
}

export function entriesOf(table: RouteTable): [RouteLine, Route][];
export function entriesOf(table: RouteTable): [string, Route][] {
  return Object.entries(table);
}

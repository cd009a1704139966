import { createRoute, type RouteConfig } from '@hono/zod-openapi';
import {
  partsOf,
  type MethodOf,
  type ParameterOf,
  type PathOf,
  type ProblemCode,
  type Route,
  type RouteLine,
} from '@top-active/core/contracts';
import { z } from 'zod';
import { bearer, ofBodies, ofTokens, problemResponses } from './problem-responses.ts';

/** What the OpenAPI document says of a route, beyond what the table of routes has. */
interface Words<R extends Route> {
  /** Absent: no part of the document. */
  operationId?: string;
  tags?: string[];
  summary: string;
  description?: string;
  /** Of the body. */
  example?: R extends { body: infer B extends z.ZodType } ? z.input<B> : never;
  /** What each status of the table means. */
  answers: { [S in keyof R['answers']]: string | { description: string; headers: z.ZodObject } };
  /** Refusals beside those that follow from how the route is called. */
  problems?: readonly ProblemCode[];
}

type Json<S extends z.ZodType> = { 'application/json': { schema: S } };

/** A route of the table as Hono takes it, with the table's path, inputs and answers in its type. */
type Described<L extends string, R extends Route> = {
  method: Lowercase<MethodOf<L>>;
  path: PathOf<L>;
  request: { params: z.ZodObject<{ [N in ParameterOf<L>]: z.ZodString }> } & (R extends {
    query: infer Q extends z.ZodObject;
  }
    ? { query: Q }
    : unknown) &
    (R extends { headers: infer H extends z.ZodObject } ? { headers: H } : unknown) &
    (R extends { body: infer B extends z.ZodType }
      ? { body: { content: Json<B extends z.ZodOptional<infer Inner extends z.ZodType> ? Inner : B> } }
      : unknown);
  responses: {
    [S in keyof R['answers']]: R['answers'][S] extends infer A extends z.ZodType
      ? { description: string; content: Json<A> }
      : { description: string };
  };
};

/**
 * A route of the table with its words: for `app.openapi`, which validates requests by it and types the handler, and for
 * the OpenAPI document.
 */
export function describeRoute<T extends Record<RouteLine, Route>, L extends keyof T & RouteLine>(
  table: T,
  line: L,
  words: Words<T[L]>,
): Described<L, T[L]>;
export function describeRoute(
  table: Record<RouteLine, Route>,
  line: RouteLine,
  { answers, example, problems = [], ...words }: Words<Route>,
): RouteConfig {
  const route = table[line];
  if (!route) throw new Error(`The table of routes has no ${line}`);
  const { method, path } = partsOf(line);
  return createRoute({
    ...words,
    method: methods[method],
    path,
    ...(route.access === 'jwt' && { security: bearer }),
    request: {
      params: paramsOf(path),
      ...(route.query && { query: route.query }),
      ...(route.headers && { headers: route.headers }),
      ...(route.body && { body: bodyOf(route.body, example) }),
    },
    responses: { ...answersOf(route, answers), ...problemResponses(...problemsOf(route), ...problems) },
  });
}

const methods = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const;

/** A malformed id is as foreign as another user's: nothing has it, and nobody waits for it. */
function paramsOf(path: string): z.ZodObject {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return z.object(Object.fromEntries(names.map((name) => [name, z.string().max(64)])));
}

function bodyOf(body: z.ZodType, example: unknown) {
  const isOptional = body instanceof z.ZodOptional;
  const schema = isOptional ? body.unwrap() : body;
  return {
    required: !isOptional,
    content: { 'application/json': { schema, ...(example !== undefined && { example }) } },
  };
}

function answersOf(
  route: Route,
  words: Readonly<Record<string, string | { description: string; headers: z.ZodObject }>>,
): RouteConfig['responses'] {
  const answers = Object.entries<z.ZodType | null | undefined>(route.answers).map(([status, schema]) => {
    const said = words[status];
    return [
      status,
      {
        ...(typeof said === 'object' ? said : { description: said }),
        ...(schema && { content: { 'application/json': { schema } } }),
      },
    ];
  });
  return Object.fromEntries(answers);
}

function problemsOf({ access, body, query }: Route): readonly ProblemCode[] {
  return [
    ...(body ? ofBodies : []),
    ...(access === 'jwt' ? ofTokens : []),
    ...(query ? (['invalid_request'] as const) : []),
    ...(access === 'iam' ? (['host_refused'] as const) : []),
  ];
}

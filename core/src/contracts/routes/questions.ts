import { z } from 'zod';
import { partsOf, type HttpMethod, type ParameterOf, type Route, type RouteLine, type RouteTable } from './route.ts';

/** What a caller gives a route: `params` for the names in its path, `query`, `headers` and `body` as it takes them. */
export type Question<L extends string, R extends Route> = ([ParameterOf<L>] extends [never]
  ? { params?: undefined }
  : { params: Readonly<Record<ParameterOf<L>, string>> }) &
  (R extends { query: infer Q extends z.ZodType } ? { query?: z.input<Q> | undefined } : { query?: undefined }) &
  (R extends { headers: infer H extends z.ZodType } ? { headers?: z.input<H> | undefined } : { headers?: undefined }) &
  (R extends { body: infer B extends z.ZodType }
    ? undefined extends z.input<B>
      ? { body?: z.input<B> }
      : { body: z.input<B> }
    : { body?: undefined });

/** The last parameter of a client: left out where a route takes nothing. */
export type QuestionArgument<Q> = Partial<Q> extends Q ? [question?: Q] : [question: Q];

/** What a route answers, as its caller gets it: undefined where it has no body. */
export type Answer<R extends Route> = {
  [S in keyof R['answers']]: R['answers'][S] extends z.ZodType ? z.output<R['answers'][S]> : undefined;
}[keyof R['answers']];

/** The path of a route with its parameters and query filled in. */
export function addressOf(
  line: RouteLine,
  { params = {}, query = {} }: Pick<AnyQuestion, 'params' | 'query'> = {},
): string {
  const path = partsOf(line).path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return search.size > 0 ? `${path}?${search.toString()}` : path;
}

/** A question as it goes out, and the shape of what comes back. */
export interface RouteRequest<A> {
  method: HttpMethod;
  /** With its query. */
  path: string;
  headers?: Readonly<Record<string, string>> | undefined;
  body?: unknown;
  answer: z.ZodType<A>;
}

interface AnyQuestion {
  params?: Readonly<Record<string, string>> | undefined;
  query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  headers?: Readonly<Record<string, string | undefined>> | undefined;
  body?: unknown;
}

/** The request that asks a route of the table. */
export function askRoute<T extends RouteTable, L extends keyof T & RouteLine>(
  table: T,
  line: L,
  ...question: QuestionArgument<Question<L, T[L]>>
): RouteRequest<Answer<T[L]>> {
  return requestOf(table, line, question[0]);
}

/** Without the types, which `askRoute` takes from the table. */
function requestOf<A>(table: RouteTable, line: RouteLine, question: unknown): RouteRequest<A> {
  const route = table[line];
  if (!route) throw new Error(`The table of routes has no ${line}`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `askRoute` has it from the table's own types
  const { params, query, headers, body } = (question ?? {}) as AnyQuestion;
  return {
    method: partsOf(line).method,
    path: addressOf(line, { params, query }),
    headers: headers && Object.fromEntries(Object.entries(headers).filter(isGiven)),
    body,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- A is what this very schema puts out
    answer: answerSchema(route) as z.ZodType<A>,
  };
}

/** Of every status: what has no body is undefined. */
function answerSchema({ answers }: Route): z.ZodType {
  const schemas = Object.values(answers).filter((schema) => schema !== null && schema !== undefined);
  const [first = z.undefined()] = schemas;
  return schemas.length > 1 ? z.union(schemas) : first;
}

function isGiven(entry: [string, string | undefined]): entry is [string, string] {
  return entry[1] !== undefined;
}

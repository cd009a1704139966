import * as fc from 'fast-check';
import { valuesOf, type Schema } from './schema-values.ts';

export interface FuzzRequest {
  /** The operation that it was made from, like `PATCH /api/chats/{id}`. */
  operation: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string | undefined;
  /** Whose token it carries. */
  as: 'own' | 'nobody' | 'forged';
}

interface Operation {
  parameters?: { name: string; in: string; schema?: Schema }[] | undefined;
  requestBody?: { content?: Record<string, { schema?: Schema }> } | undefined;
}
export type Paths = Record<string, Record<string, Operation>>;

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND'];
const junk = fc.oneof(
  fc.json({ maxDepth: 5 }).map((text): unknown => JSON.parse(text)),
  fc.constantFrom<unknown>(null, [], {}, '', 0, -1, 1e308, true, '\u0000', '\uD800', '\u202E', '__proto__'),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom(20_000, 200_000, 600_000).map((length) => 'W'.repeat(length)),
  fc.constantFrom(1_000, 20_000).map((count) => Array.from({ length: count }, () => 0)),
  fc.constant(Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`unknown${i}`, i]))),
);
const odd = fc.record(
  {
    'content-type': fc.constantFrom('text/plain', 'application/xml', 'application/json; charset=utf-16', '', 'a/b;c=d'),
    origin: fc.constantFrom('https://evil.example', 'null', ''),
    cookie: fc.constantFrom('refresh=x', '__Secure-refresh=; refresh=%00', '='.repeat(4_000)),
    'idempotency-key': fc.constantFrom('', 'x', 'k'.repeat(300), '{}'),
    'accept-language': fc.constantFrom('pt-BR', '*;q=2', 'x'.repeat(500)),
    'x-forwarded-for': fc.constant("1.2.3.4, ' OR 1=1"),
    'cloudfront-viewer-address': fc.constantFrom('9.9.9.9:1', 'nowhere'),
    'x-origin-secret': fc.constant('guessed'),
    range: fc.constant('bytes=0-1'),
    'x-http-method-override': fc.constant('DELETE'),
  },
  { requiredKeys: [] },
);

/**
 * Requests by each operation of an OpenAPI document, about half of them as they should be.
 * @param ids to name in paths
 */
export function requestsOf(paths: Paths, ids: readonly string[]): fc.Arbitrary<FuzzRequest> {
  const operations = Object.entries(paths).flatMap(([path, byMethod]) =>
    Object.entries(byMethod).map(([method, operation]) => requestOf(path, method.toUpperCase(), { operation, ids })),
  );
  return fc.oneof(...operations);
}

function requestOf(
  path: string,
  method: string,
  { operation, ids }: { operation: Operation; ids: readonly string[] },
): fc.Arbitrary<FuzzRequest> {
  const parameters = operation.parameters ?? [];
  const schema = operation.requestBody?.content?.['application/json']?.schema;
  const named = (place: string) => parameters.filter((parameter) => parameter.in === place);
  const id = (own: Schema = {}) =>
    fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...ids) }, valuesOf(own).map(String), oddText);
  return fc
    .record({
      method: rarely(fc.constant(method), fc.constantFrom(...methods)),
      inPath: fc.tuple(...named('path').map((one) => id(one.schema))),
      query: fc.record(
        Object.fromEntries(named('query').map((one) => [one.name, fc.oneof(valuesOf(one.schema ?? {}), oddText)])),
        { requiredKeys: [] },
      ),
      extra: rarely(
        fc.constant(''),
        fc.constantFrom('?a=1&a=2', '?cursor=%00', '?limit=1e9', '/', '//', '?__proto__=x', '/%2e%2e/me'),
      ),
      body: schema
        ? bodiesOf(schema)
        : rarely(
            fc.constant(undefined),
            junk.map((value) => JSON.stringify(value)),
          ),
      headers: rarely(fc.constant({}), odd),
      as: fc.oneof(
        { weight: 8, arbitrary: fc.constant('own' as const) },
        fc.constantFrom('nobody' as const, 'forged' as const),
      ),
    })
    .map(({ inPath, query, extra, headers, ...rest }) => ({
      ...rest,
      operation: `${method} ${path}`,
      headers: { 'content-type': 'application/json', ...headers } as Record<string, string>,
      path: `${fill(path, inPath)}${extra === '' ? queryText(query) : extra}`,
    }));
}

const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom('..', '../me', '%', '%00', "' OR '1'='1", 'USER#x', '*', '0', '-1', 'x'.repeat(3_000), '🙂'),
);

function rarely<A, B>(usual: fc.Arbitrary<A>, rare: fc.Arbitrary<B>): fc.Arbitrary<A | B> {
  return fc.oneof({ weight: 7, arbitrary: usual }, { weight: 1, arbitrary: rare });
}

/** As the schema says, with one field spoilt, or no JSON that it could know. */
function bodiesOf(schema: Schema): fc.Arbitrary<string> {
  const good = valuesOf(schema);
  const names = Object.keys(schema.properties ?? { x: 1 });
  const spoilt = fc
    .tuple(good, fc.constantFrom(...names, 'unknown', '__proto__', 'constructor'), junk)
    .map(([value, name, wrong]) => JSON.stringify({ ...Object(value), [name]: wrong }));
  return fc.oneof(
    { weight: 4, arbitrary: good.map((value) => JSON.stringify(value)) },
    { weight: 3, arbitrary: spoilt },
    junk.map((value) => JSON.stringify(value)),
    fc.constantFrom(500, 50_000).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
    fc.constantFrom('', '{', '{"a":1,}', '\uFEFF{}', 'null', '[1', '{"a":"\\ud800"}'),
  );
}

function fill(path: string, values: readonly string[]): string {
  const left = [...values];
  return path.replaceAll(/\{[^}]+\}/g, () => encodeURIComponent((left.shift() ?? '').toWellFormed()));
}

function queryText(query: Record<string, unknown>): string {
  const entries = Object.entries(query).map(([name, value]) => [name, String(value).toWellFormed()]);
  return entries.length > 0 ? `?${new URLSearchParams(entries).toString()}` : '';
}

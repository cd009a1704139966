import * as fc from 'fast-check';

/** The part of JSON Schema 2020-12 that the API's OpenAPI document uses. */
export interface Schema {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  pattern?: string;
  format?: string;
}

const many = 8;
const long = 600;

/** Values that a schema allows, as far as the schema says it all; and, through strings, what it doesn't foresee. */
export function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices?.length) return fc.oneof(...choices.map(valuesOf));
  if (schema.allOf?.[0]) return valuesOf(schema.allOf.reduce((all, one) => ({ ...all, ...one }), {}));
  const [type] = [schema.type ?? 'object'].flat();
  if (type === 'string') return strings(schema);
  if (type === 'integer') return fc.integer({ min: schema.minimum ?? -1_000, max: schema.maximum ?? 100_000 });
  if (type === 'number') return fc.double({ min: schema.minimum ?? -1e6, max: schema.maximum ?? 1e6, noNaN: true });
  if (type === 'boolean') return fc.boolean();
  if (type === 'null') return fc.constant(null);
  if (type === 'array') return arrays(schema);
  return objects(schema);
}

function strings({ format, pattern, minLength = 0, maxLength = long }: Schema): fc.Arbitrary<string> {
  if (format === 'email') return fc.emailAddress();
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  if (format === 'uri') return fc.webUrl();
  if (pattern !== undefined) return matching(pattern);
  const [least, most] = [Math.min(minLength, long), Math.max(minLength, Math.min(maxLength, long))];
  return fc.oneof(
    fc.string({ minLength: least, maxLength: most }),
    fc.string({ unit: 'binary', minLength: least, maxLength: most }),
    fc.string({ unit: 'grapheme', minLength: least, maxLength: Math.max(least, Math.min(most, 60)) }),
  );
}

/** Look-arounds are beyond the generator. */
function matching(pattern: string): fc.Arbitrary<string> {
  try {
    return fc.stringMatching(new RegExp(pattern, 'u'));
  } catch {
    return fc.string();
  }
}

function arrays({ items = {}, minItems = 0, maxItems = many }: Schema): fc.Arbitrary<unknown[]> {
  return fc.array(valuesOf(items), { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, many)) });
}

/** The contract reads an address after trimming it, so the document says no format. */
const mails = fc.oneof(fc.emailAddress(), strings({ type: 'string' }));

function objects({ properties = {}, required = [], additionalProperties }: Schema): fc.Arbitrary<unknown> {
  const own = fc.record(
    Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, name === 'email' ? mails : valuesOf(property)]),
    ),
    { requiredKeys: required.filter((name) => name in properties) },
  );
  if (typeof additionalProperties !== 'object' || Object.keys(properties).length > 0) return own;
  return fc.dictionary(fc.string(), valuesOf(additionalProperties), { maxKeys: many });
}

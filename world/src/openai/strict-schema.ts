import { z } from 'zod';
import { badRequest } from './openai-error.ts';

/** JSON Schema as far as strict mode looks at it. Unknown keywords stay. */
export const jsonSchemaSchema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  get properties() {
    return z.record(z.string(), jsonSchemaSchema).optional();
  },
  required: z.array(z.string()).optional(),
  additionalProperties: z.unknown().optional(),
  get items() {
    return jsonSchemaSchema.optional();
  },
  get anyOf() {
    return z.array(jsonSchemaSchema).optional();
  },
  get $defs() {
    return z.record(z.string(), jsonSchemaSchema).optional();
  },
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  default: z.unknown().optional(),
  description: z.string().optional(),
  format: z.string().optional(),
  pattern: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});

export type JsonSchema = z.output<typeof jsonSchemaSchema>;

export interface StrictCheck {
  schema: JsonSchema;
  /** For the message: `function 'find_free_slots'`, `response_format 'answer'`. */
  what: string;
  /** `tools[0].parameters` */
  param: string;
  code: string;
}

const deepest = 10;

/**
 * What strict mode demands: objects are closed and require every property.
 * https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 * @throws {OpenAiError} 400
 */
export function checkStrict({ schema, what, param, code }: StrictCheck): void {
  const refuse = (context: string, problem: string) =>
    badRequest(`Invalid schema for ${what}: In context=${context}, ${problem}`, param, code);

  function walk(node: JsonSchema, path: readonly string[]): void {
    const context = `(${path.map((step) => `'${step}'`).join(', ')}${path.length === 1 ? ',' : ''})`;
    if (path.length > deepest * 2) throw refuse(context, `schemas may nest ${deepest} levels deep at most.`);
    const types = new Set([node.type ?? []].flat());
    if (types.has('object') || node.properties) {
      if (node.additionalProperties !== false)
        throw refuse(context, "'additionalProperties' is required to be supplied and to be false.");
      const missing = Object.keys(node.properties ?? {}).filter((name) => !node.required?.includes(name));
      if (missing.length > 0)
        throw refuse(
          context,
          `'required' is required to be supplied and to be an array including every key in properties. Missing '${missing[0]}'.`,
        );
      const unknown = node.required?.find((name) => !(name in (node.properties ?? {})));
      if (unknown !== undefined) throw refuse(context, `'required' names '${unknown}', which is not in properties.`);
    }
    if (types.has('array') && !node.items) throw refuse(context, 'array schema missing items.');
    for (const [name, child] of Object.entries(node.properties ?? {})) walk(child, [...path, 'properties', name]);
    for (const [name, child] of Object.entries(node.$defs ?? {})) walk(child, [...path, '$defs', name]);
    if (node.items) walk(node.items, [...path, 'items']);
    for (const [index, child] of (node.anyOf ?? []).entries()) walk(child, [...path, 'anyOf', String(index)]);
  }

  if (schema.type !== 'object')
    throw refuse('()', `schema must be of type "object", got ${JSON.stringify(schema.type ?? null)}.`);
  if (schema.anyOf) throw refuse('()', "'anyOf' is not permitted at the root.");
  walk(schema, []);
}

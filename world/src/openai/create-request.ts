import { z } from 'zod';
import type { Models } from './models.ts';
import { badRequest } from './openai-error.ts';
import { checkStrict, jsonSchemaSchema } from './strict-schema.ts';

const textPart = z.looseObject({ type: z.string(), text: z.string().optional(), refusal: z.string().optional() });
const content = z.union([z.string(), z.array(textPart)]);

/** Input items by type; a message may leave its type out. */
const itemSchemas = {
  message: z.looseObject({
    type: z.literal('message').default('message'),
    role: z.enum(['user', 'assistant', 'system', 'developer']),
    content,
  }),
  function_call: z.looseObject({
    type: z.literal('function_call'),
    call_id: z.string().min(1),
    name: z.string().min(1),
    arguments: z.string(),
  }),
  function_call_output: z.looseObject({
    type: z.literal('function_call_output'),
    call_id: z.string().min(1),
    output: content,
  }),
  reasoning: z.looseObject({ type: z.literal('reasoning'), id: z.string().optional(), summary: z.array(z.unknown()) }),
};

const itemTypeSchema = z.looseObject({
  type: z.enum(['message', 'function_call', 'function_call_output', 'reasoning']).default('message'),
});

export const itemSchema = z.unknown().transform((value, context) => {
  const { data: item, error } = itemTypeSchema.safeParse(value);
  const parsed = item && itemSchemas[item.type].safeParse(value);
  if (parsed?.success) return parsed.data;
  for (const { message, path } of (parsed?.error ?? error)?.issues ?? [])
    context.addIssue({ code: 'custom', message, path });
  return z.NEVER;
});

export type InputItem = z.output<typeof itemSchema>;

const toolSchema = z.looseObject({
  type: z.literal('function', "only tools of type 'function' are simulated"),
  name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  description: z.string().nullish(),
  parameters: jsonSchemaSchema.nullish(),
  strict: z.boolean().nullish(),
});

export type FunctionTool = z.output<typeof toolSchema>;

const toolChoiceSchema = z.union([
  z.enum(['none', 'auto', 'required']),
  z.looseObject({ type: z.literal('function'), name: z.string() }),
]);

const formatSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text') }),
  z.looseObject({ type: z.literal('json_object') }),
  z.looseObject({
    type: z.literal('json_schema'),
    name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
    schema: jsonSchemaSchema,
    strict: z.boolean().nullish(),
  }),
]);

const schema = z.object({
  model: z.string(),
  input: z.preprocess(
    (input) => (typeof input === 'string' ? [{ role: 'user', content: input }] : input),
    z.array(itemSchema),
  ),
  instructions: z.string().nullish(),
  tools: z.array(toolSchema).default([]),
  tool_choice: toolChoiceSchema.default('auto'),
  parallel_tool_calls: z.boolean().nullish(),
  store: z.boolean().nullish(),
  stream: z.boolean().nullish(),
  metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
  max_output_tokens: z.int().min(16).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  text: z
    .looseObject({
      format: formatSchema.default({ type: 'text' }),
      verbosity: z.enum(['low', 'medium', 'high']).nullish(),
    })
    .optional(),
  include: z.array(z.string()).nullish(),
  reasoning: z.looseObject({ effort: z.string().nullish() }).nullish(),
  previous_response_id: z.string().nullish(),
});

/** Taken and without effect here. */
const ignored = new Set([
  'user',
  'safety_identifier',
  'prompt_cache_key',
  'prompt_cache_retention',
  'prompt_cache_options',
  'service_tier',
  'truncation',
  'max_tool_calls',
  'top_logprobs',
  'stream_options',
]);
const notSimulated = new Set([
  'background',
  'conversation',
  'prompt',
  'context_management',
  'moderation',
  'image',
  'access_programs',
]);

export type CreateRequest = z.output<typeof schema>;

/**
 * Body of `POST /v1/responses`, checked as OpenAI checks it.
 * @throws {OpenAiError} 400 that names the parameter; 404 for a model that isn't there
 */
export function parseCreateRequest(body: unknown, models: Models): CreateRequest {
  const keys = z.record(z.string(), z.unknown()).safeParse(body);
  if (!keys.success) throw badRequest('We could not parse the JSON body of your request.', '');
  for (const key of Object.keys(keys.data)) {
    if (notSimulated.has(key) && keys.data[key] !== null && keys.data[key] !== false)
      throw badRequest(`'${key}' is not simulated.`, key, 'unsupported_parameter');
    if (!(key in schema.shape) && !ignored.has(key) && !notSimulated.has(key))
      throw badRequest(`Unknown parameter: '${key}'.`, key, 'unknown_parameter');
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw refusalOf(parsed.error);
  const request = parsed.data;
  checkModel(request, models);
  checkTools(request);
  return request;
}

function refusalOf(error: z.ZodError): Error {
  const issue = error.issues[0];
  const path = issue?.path ?? [];
  const param = path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${String(step)}`))
    .join('');
  const missing = issue?.code === 'invalid_type' && issue.message.endsWith('received undefined');
  if (missing) return badRequest(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter');
  return badRequest(`Invalid value for '${param}': ${issue?.message ?? 'not valid'}.`, param, 'invalid_value');
}

function checkModel({ model, reasoning, include, temperature, top_p: topP }: CreateRequest, models: Models): void {
  const { efforts } = models.require(model);
  const effort = reasoning?.effort;
  if (efforts.length === 0) {
    if (effort) throw unsupported('reasoning.effort');
    if (include?.includes('reasoning.encrypted_content'))
      throw badRequest('Encrypted content is not supported with this model.', 'include');
    return;
  }
  if (effort && !efforts.includes(effort))
    throw badRequest(
      `Unsupported value: '${effort}' is not supported with the '${model}' model. Supported values are: ${efforts.join(', ')}.`,
      'reasoning.effort',
      'unsupported_value',
    );
  if (effort === 'none') return;
  for (const [param, value] of Object.entries({ temperature, top_p: topP }))
    if (value !== undefined && value !== null) throw unsupported(param);
}

function unsupported(param: string): Error {
  const message = `Unsupported parameter: '${param}' is not supported with this model.`;
  return badRequest(message, param, 'unsupported_parameter');
}

function checkTools({ tools, tool_choice: choice, text }: CreateRequest): void {
  for (const [index, { name, parameters, strict }] of tools.entries()) {
    // In the Responses API functions are strict unless they say otherwise.
    if (strict === false) continue;
    const param = `tools[${index}].parameters`;
    checkStrict({ schema: parameters ?? {}, what: `function '${name}'`, param, code: 'invalid_function_parameters' });
  }
  if (typeof choice === 'object' && !tools.some(({ name }) => name === choice.name))
    throw badRequest(`Tool choice 'function' not found in 'tools' parameter.`, 'tool_choice');
  if (choice === 'required' && tools.length === 0)
    throw badRequest("Tool choice 'required' must be specified with 'tools' parameter.", 'tool_choice');
  const format = text?.format;
  if (format?.type === 'json_schema' && format.strict !== false)
    checkStrict({
      schema: format.schema,
      what: `response_format '${format.name}'`,
      param: 'text.format.schema',
      code: 'invalid_json_schema',
    });
}

/**
 * Every call has its output and every output its call.
 * @throws {OpenAiError} 400
 */
export function checkCallsPaired(items: readonly InputItem[]): void {
  const calls = new Set(items.flatMap((item) => (item.type === 'function_call' ? [item.call_id] : [])));
  const outputs = new Set(items.flatMap((item) => (item.type === 'function_call_output' ? [item.call_id] : [])));
  for (const id of outputs)
    if (!calls.has(id)) throw badRequest(`No tool call found for function call output with call_id ${id}.`, 'input');
  for (const id of calls)
    if (!outputs.has(id)) throw badRequest(`No tool output found for function call ${id}.`, 'input');
}

/** Text of a message or of a tool's output. */
export function textOf(value: string | readonly { text?: string | undefined }[]): string {
  if (typeof value === 'string') return value;
  return value.map((part) => part.text ?? '').join('\n');
}

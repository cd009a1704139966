import { APIConnectionTimeoutError, APIError, AuthenticationError, InternalServerError, RateLimitError } from 'openai';
import type { FunctionTool, ResponseInputItem, ResponseStreamEvent } from 'openai/resources/responses/responses';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { demoKey } from './keys.ts';
import { startOpenAi, type OpenAiFixture } from './openai-fixture.ts';

let openai: OpenAiFixture;
beforeAll(async () => {
  openai = await startOpenAi();
});
afterEach(async () => {
  await openai.control('DELETE', '/script');
  await openai.control('PUT', '/faults', { faults: [] });
  await openai.control('DELETE', '/log');
});
afterAll(() => openai.close());

const instructions = 'It is 08:05 on Tuesday, 2026-11-24 in America/Sao_Paulo.';
const model = 'gpt-6-luna';
const finder: FunctionTool = {
  type: 'function',
  name: 'find_free_slots',
  strict: true,
  parameters: {
    type: 'object',
    properties: { from: { type: 'string' }, to: { type: 'string' }, duration_minutes: { type: ['integer', 'null'] } },
    required: ['from', 'to', 'duration_minutes'],
    additionalProperties: false,
  },
};

async function failure(work: Promise<unknown>): Promise<APIError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof APIError) return error;
    throw error;
  }
  throw new Error('The call went through.');
}

function askAtLength(length: number) {
  const client = openai.client('sk-simulated-cache-01');
  return client.responses.create({ model, instructions: 'Regra. '.repeat(length), input: 'Oi', store: false });
}

async function typesFor(input: string, tool_choice: 'none' | 'required' | { type: 'function'; name: string }) {
  const params = { model, instructions, input, store: false, tools: [finder], tool_choice };
  return saidTypes((await openai.client().responses.create(params)).output);
}

/** Types of what was said, the thinking before it apart. */
function saidTypes(output: readonly { type: string }[]): string[] {
  return output.map(({ type }) => type).filter((type) => type !== 'reasoning');
}

function toolWith(parameters: Record<string, unknown>, strict = true): FunctionTool {
  return { type: 'function', name: 'book', strict, parameters };
}

describe('keys', () => {
  it('lets the demo key and keys of the form sk-simulated-… in, which a look at the models checks', async () => {
    for (const key of [demoKey, 'sk-simulated-maria-01']) {
      const models = await openai.client(key).models.list();
      expect(models.data.map(({ id }) => id)).toContain(model);
    }
    expect((await openai.client().models.retrieve('gpt-4.1-mini')).owned_by).toBe('simulated');
    expect(await failure(openai.client().models.retrieve('gpt-99'))).toMatchObject({
      status: 404,
      code: 'model_not_found',
    });
  });

  it.each(['sk-real-looking-key-000000000000', 'sk-simulated-short', 'sk-simulated'])('refuses %s', async (key) => {
    const error = await failure(openai.client(key).models.list());
    expect(error).toMatchObject({ status: 401, code: 'invalid_api_key', type: 'invalid_request_error' });
    expect(error.message).not.toContain(key);
  });

  it('lets in what the control interface makes and keeps out what it revokes, across a restart', async () => {
    await openai.control('POST', '/keys', { key: 'sk-proj-simulated-1' });
    await openai.control('POST', '/keys', { key: 'sk-simulated-maria-02', state: 'revoked' });
    await openai.restart();
    await expect(openai.client('sk-proj-simulated-1').models.list()).resolves.toBeDefined();
    expect(await failure(openai.client('sk-simulated-maria-02').models.list())).toMatchObject({ status: 401 });
    expect((await openai.control('POST', '/keys', { key: 'sk-proj-real' })).status).toBe(400);
  });
});

describe('a response', () => {
  it('names itself simulated, and leaves the text alone', async () => {
    const response = await openai
      .client()
      .responses.create({ model, instructions, input: 'Oi', store: false, metadata: { chat: 'c1' } });
    expect(response).toMatchObject({
      object: 'response',
      status: 'completed',
      model: 'simulated-gpt-6-luna',
      metadata: { chat: 'c1', simulated: 'true' },
      store: false,
      instructions,
    });
    expect(response.output_text).toMatch(/^Olá!/);
    expect(response.output_text).not.toMatch(/simulad|simulated/i);
    expect(response.usage?.total_tokens).toBe(
      (response.usage?.input_tokens ?? 0) + (response.usage?.output_tokens ?? 0),
    );
    expect(response.usage?.output_tokens).toBeGreaterThan(5);
  });

  it('costs the same every time, and less once a long prompt is cached', async () => {
    const [short, again] = [await askAtLength(10), await askAtLength(10)];
    expect(again.usage).toEqual(short.usage);
    expect(short.usage?.input_tokens_details.cached_tokens).toBe(0);
    const [long, cached] = [await askAtLength(800), await askAtLength(800)];
    expect(long.usage?.input_tokens_details.cached_tokens).toBe(0);
    expect(cached.usage?.input_tokens).toBe(long.usage?.input_tokens);
    expect((cached.usage?.input_tokens_details.cached_tokens ?? 0) % 128).toBe(0);
    expect(cached.usage?.input_tokens_details.cached_tokens).toBeGreaterThan(1024);
  });

  it('streams the same answer in the events of the real API', async () => {
    const params = { model, instructions, input: 'Bom dia!', store: false } as const;
    const whole = await openai.client().responses.create(params);
    const events: ResponseStreamEvent[] = [];
    for await (const event of await openai.client().responses.create({ ...params, stream: true })) events.push(event);
    const types = events.map(({ type }) => type);
    expect(types.filter((type, index) => type !== types[index - 1])).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.output_item.done',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, index) => index));
    const text = events.map((event) => (event.type === 'response.output_text.delta' ? event.delta : '')).join('');
    expect(text).toBe(whole.output_text);
    const last = events.at(-1);
    expect(last?.type === 'response.completed' && last.response.usage).toEqual(whole.usage);
  });

  it('streams a tool call, which the client puts together', async () => {
    const stream = openai
      .client()
      .responses.stream({ model, instructions, input: 'Tem horário amanhã?', tools: [finder], store: false });
    const types = new Set<string>();
    for await (const event of stream) types.add(event.type);
    expect(types).toContain('response.function_call_arguments.delta');
    expect(types).toContain('response.function_call_arguments.done');
    const item = (await stream.finalResponse()).output.find(({ type }) => type === 'function_call');
    if (item?.type !== 'function_call') throw new Error('No call came.');
    expect(item.name).toBe('find_free_slots');
    expect(JSON.parse(item.arguments)).toEqual({
      from: '2026-11-25T00:00:00-03:00',
      to: '2026-11-25T23:59:00-03:00',
      duration_minutes: null,
    });
  });

  it('gives the encrypted reasoning that was asked for, and takes it back with the calls', async () => {
    const client = openai.client();
    const first = {
      model,
      instructions,
      store: false,
      tools: [finder],
      include: ['reasoning.encrypted_content' as const],
      reasoning: { effort: 'low' as const },
    };
    const input: ResponseInputItem[] = [{ role: 'user', content: 'Tem horário amanhã às 15h?' }];
    const response = await client.responses.create({ ...first, input });
    expect(response.output.map(({ type }) => type)).toEqual(['reasoning', 'function_call']);
    expect(response.usage?.output_tokens_details.reasoning_tokens).toBeGreaterThan(0);
    for (const item of response.output) {
      if (item.type === 'reasoning' || item.type === 'function_call') input.push(item);
      if (item.type === 'function_call')
        input.push({ type: 'function_call_output', call_id: item.call_id, output: '{"slots":[]}' });
    }
    const second = await client.responses.create({ ...first, input, tool_choice: 'none' });
    expect(second.output_text).toContain('Não encontrei horário livre');
  });

  it('is kept only when it may be stored, for its own key, and can be gone on from', async () => {
    const client = openai.client();
    const kept = await client.responses.create({ model, instructions, input: 'Quero marcar na sexta' });
    expect((await client.responses.retrieve(kept.id)).output_text).toBe(kept.output_text);
    expect(await failure(openai.client('sk-simulated-other-01').responses.retrieve(kept.id))).toMatchObject({
      status: 404,
    });
    const next = await client.responses.create({
      model,
      instructions,
      input: 'às 15h',
      previous_response_id: kept.id,
      tools: [finder],
    });
    const call = next.output.find(({ type }) => type === 'function_call');
    expect(call?.type === 'function_call' && call.arguments).toContain('2026-11-27');
    await client.responses.delete(kept.id);
    expect(await failure(client.responses.retrieve(kept.id))).toMatchObject({ status: 404 });
    const passing = await client.responses.create({ model, input: 'Oi', store: false });
    expect(
      await failure(client.responses.create({ model, input: 'Oi', previous_response_id: passing.id })),
    ).toMatchObject({ status: 400, code: 'previous_response_not_found' });
  });

  it('is cut off at max_output_tokens, and says so', async () => {
    const response = await openai
      .client()
      .responses.create({ model, input: 'Bom dia', store: false, max_output_tokens: 16 });
    expect(response).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
    // Thinking counts, and comes first.
    expect(saidTypes(response.output)).toEqual([]);
    expect(response.usage).toMatchObject({ output_tokens: 16, output_tokens_details: { reasoning_tokens: 16 } });
    const more = { model, input: 'Bom dia', store: false, max_output_tokens: 66 };
    const beginning = await openai.client().responses.create(more);
    expect(beginning.output.at(-1)).toMatchObject({ type: 'message', status: 'incomplete' });
    const types: string[] = [];
    for await (const { type } of await openai
      .client()
      .responses.create({ model, input: 'Bom dia', store: false, max_output_tokens: 16, stream: true }))
      types.push(type);
    expect(types.at(-1)).toBe('response.incomplete');
  });

  it('follows a JSON schema', async () => {
    const schema = {
      type: 'object',
      properties: {
        reply: { type: 'string' },
        needs_owner: { type: 'boolean' },
        language: { type: 'string', enum: ['pt-BR', 'en'] },
        note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      },
      required: ['reply', 'needs_owner', 'language', 'note'],
      additionalProperties: false,
    };
    const response = await openai.client().responses.parse({
      model,
      instructions,
      input: 'How much is it?',
      store: false,
      text: { format: { type: 'json_schema', name: 'answer', strict: true, schema } },
    });
    expect(JSON.parse(response.output_text)).toEqual({
      reply: expect.stringContaining('get back to you'),
      needs_owner: true,
      language: 'en',
      note: null,
    });
  });
});

describe('tool_choice', () => {
  it('can forbid, demand and name a call', async () => {
    expect(await typesFor('Tem horário amanhã?', 'none')).toEqual(['message']);
    expect(await typesFor('Oi', 'required')).toEqual(['function_call']);
    expect(await typesFor('Oi', { type: 'function', name: 'find_free_slots' })).toEqual(['function_call']);
  });
});

describe('a request that is wrong', () => {
  it.each([
    [
      'open objects',
      { type: 'object', properties: {}, required: [] },
      /'additionalProperties' is required to be supplied and to be false/,
    ],
    [
      'optional properties',
      { type: 'object', properties: { a: { type: 'string' } }, required: [], additionalProperties: false },
      /Missing 'a'/,
    ],
    [
      'open objects further down',
      {
        type: 'object',
        properties: { a: { type: 'object', properties: {}, required: [] } },
        required: ['a'],
        additionalProperties: false,
      },
      /In context=\('properties', 'a'\)/,
    ],
    ['something else than an object', { type: 'string' }, /must be of type "object"/],
  ])('is refused for strict tools with %s', async (_, parameters, message) => {
    const error = await failure(
      openai.client().responses.create({ model, input: 'Oi', tools: [toolWith(parameters)] }),
    );
    expect(error).toMatchObject({ status: 400, code: 'invalid_function_parameters', param: 'tools[0].parameters' });
    expect(error.message).toMatch(message);
    await expect(
      openai.client().responses.create({ model, input: 'Oi', tools: [toolWith(parameters, false)] }),
    ).resolves.toBeDefined();
  });

  it.each([
    ['an unknown parameter', { model, input: 'Oi', max_tokens: 5 }, 'max_tokens', 'unknown_parameter'],
    ['a missing model', { input: 'Oi' }, 'model', 'missing_required_parameter'],
    ['a value of the wrong type', { model, input: 'Oi', temperature: 'hot' }, 'temperature', 'invalid_value'],
    ['an item of no known type', { model, input: [{ type: 'telepathy' }] }, 'input[0].type', 'invalid_value'],
    ['too few tokens', { model, input: 'Oi', max_output_tokens: 5 }, 'max_output_tokens', 'invalid_value'],
    [
      'reasoning where the model has none',
      { model: 'gpt-4.1-mini', input: 'Oi', reasoning: { effort: 'low' } },
      'reasoning.effort',
      'unsupported_parameter',
    ],
    [
      'a call without its output',
      { model, input: [{ type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' }] },
      'input',
      null,
    ],
    [
      'an output without its call',
      { model, input: [{ type: 'function_call_output', call_id: 'c1', output: '' }] },
      'input',
      null,
    ],
    [
      'a forced tool that is not there',
      { model, input: 'Oi', tool_choice: { type: 'function', name: 'f' } },
      'tool_choice',
      null,
    ],
  ])('is refused for %s, with the parameter named', async (_, body, param, code) => {
    const error = await failure(openai.client().post('/responses', { body }));
    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error', param, code });
  });

  it('gets an answer in the shape of the API for an address that does not exist, too', async () => {
    expect(await failure(openai.client().post('/chat/completions', { body: {} }))).toMatchObject({ status: 404 });
  });
});

describe('faults', () => {
  it.each([
    ['invalid_api_key', 401, 'invalid_api_key', AuthenticationError],
    ['rate_limit_exceeded', 429, 'rate_limit_exceeded', RateLimitError],
    ['slow_down', 429, 'slow_down', RateLimitError],
    ['server_error', 500, 'server_error', InternalServerError],
    ['server_is_overloaded', 503, 'server_is_overloaded', InternalServerError],
  ])('strikes the next calls of one key with %s', async (kind, status, code, type) => {
    await openai.control('PUT', '/faults', { faults: [{ kind, times: 1, key: demoKey, retryAfterSeconds: 7 }] });
    await expect(openai.client('sk-simulated-other-01').models.list()).resolves.toBeDefined();
    const error = await failure(openai.client().responses.create({ model, input: 'Oi', store: false }));
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ status, code });
    expect(error.headers?.get('retry-after')).toBe(status === 429 || status === 503 ? '7' : null);
    await expect(openai.client().responses.create({ model, input: 'Oi', store: false })).resolves.toBeDefined();
  });

  it('is retried by the client’s own rules', async () => {
    await openai.control('PUT', '/faults', { faults: [{ kind: 'rate_limit_exceeded', retryAfterSeconds: 0 }] });
    const answer = await openai.client().responses.create({ model, input: 'Oi', store: false }, { maxRetries: 1 });
    expect(answer.status).toBe('completed');
    expect(openai.world.log().map(({ status }) => status)).toEqual([429, 200]);
  });

  it('hangs until the client gives up', async () => {
    await openai.control('PUT', '/faults', { faults: [{ kind: 'timeout' }] });
    await expect(
      openai.client().responses.create({ model, input: 'Oi', store: false }, { timeout: 100 }),
    ).rejects.toBeInstanceOf(APIConnectionTimeoutError);
    await expect(openai.client().responses.create({ model, input: 'Oi', store: false })).resolves.toBeDefined();
  });
});

describe('refusals', () => {
  const ask = (key = demoKey) => openai.client(key).responses.create({ model, input: 'Oi', store: false });

  it.each([
    ['credit_balance_exhausted', 429, 'insufficient_quota'],
    ['organization_spend_limit_exceeded', 429, 'insufficient_quota'],
    ['project_spend_limit_exceeded', 429, 'insufficient_quota'],
    ['organization_usage_limit_exceeded', 429, 'insufficient_quota'],
    ['unsupported_country', 403, 'request_forbidden', 'unsupported_country_region_territory'],
    ['incorrect_hostname', 401, 'invalid_request_error'],
    ['model_not_allowed', 403, 'invalid_request_error', 'model_not_found'],
    ['model_not_found_400', 400, 'invalid_request_error', 'model_not_found'],
    ['context_length_exceeded', 400, 'invalid_request_error'],
    ['invalid_prompt', 400, 'invalid_request_error'],
    ['missing_scope', 401, 'invalid_request_error', null],
  ])('say %s as OpenAI does', async (kind, status, type, code: string | null = kind) => {
    await openai.control('PUT', '/faults', { faults: [{ kind, on: 'responses' }] });
    await expect(openai.client().models.list()).resolves.toBeDefined();
    const error = await failure(ask());
    expect(error).toMatchObject({ status, type, code });
    expect(error.headers?.get('retry-after')).toBeNull();
    await expect(ask()).resolves.toBeDefined();
  });

  it('hold a restricted key to its scopes, across a restart', async () => {
    const key = 'sk-simulated-restricted-01';
    await openai.control('POST', '/keys', { key, scopes: ['api.responses.write'] });
    await openai.restart();
    const error = await failure(openai.client(key).models.list());
    expect(error).toMatchObject({ status: 401, code: null });
    expect(error.message).toContain('Missing scopes: api.model.read');
    await expect(ask(key)).resolves.toBeDefined();
    await openai.control('POST', '/keys', { key, scopes: ['api.model.read'] });
    expect((await failure(ask(key))).message).toContain('api.responses.write');
  });
});

describe('models', () => {
  afterEach(() => openai.control('PUT', '/models', { models: [] }));

  it('carry the day of their shutdown, once it is announced', async () => {
    expect(await openai.client().models.retrieve('gpt-5-mini-2025-08-07')).toMatchObject({
      id: 'gpt-5-mini-2025-08-07',
      shutdown_date: '2026-12-11',
    });
    expect(await openai.client().models.retrieve(model)).toMatchObject({ shutdown_date: null });
    await openai.control('PUT', '/models', { models: [{ id: model, shutdownDate: '2027-03-01' }] });
    const { data } = await openai.client().models.list();
    expect(data.find(({ id }) => id === model)).toMatchObject({ shutdown_date: '2027-03-01' });
  });

  it('are gone from that day on, everywhere', async () => {
    await openai.control('PUT', '/models', { models: [{ id: model, shutdownDate: '2026-11-24' }] });
    const gone = { status: 404, code: 'model_not_found', param: 'model' };
    expect(await failure(openai.client().models.retrieve(model))).toMatchObject(gone);
    expect(await failure(openai.client().responses.create({ model, input: 'Oi' }))).toMatchObject(gone);
    const { data } = await openai.client().models.list();
    expect(data.map(({ id }) => id)).not.toContain(model);
    expect(data.map(({ id }) => id)).not.toContain('gpt-4.1-nano');
  });

  it.each([
    ['a word that is no effort', { reasoning: { effort: 'banana' } }, 'reasoning.effort', 'unsupported_value'],
    ['a temperature while they think', { temperature: 1 }, 'temperature', 'unsupported_parameter'],
    ['a verbosity of its own', { text: { verbosity: 'chatty' } }, 'text.verbosity', 'invalid_value'],
    [
      'no thinking where they always think',
      { model: 'gpt-6-astra', reasoning: { effort: 'none' } },
      'reasoning.effort',
      'unsupported_value',
    ],
  ])('refuse %s', async (_, rest, param, code) => {
    const error = await failure(openai.client().post('/responses', { body: { model, input: 'Oi', ...rest } }));
    expect(error).toMatchObject({ status: 400, param, code });
  });
});

describe('answers that are no reply', () => {
  async function answerTo(kind: string) {
    await openai.control('PUT', '/faults', { faults: [{ kind }] });
    return openai.client().responses.create({ model, input: 'Oi', store: false });
  }

  it('are cut or filtered, and say so beside the text', async () => {
    expect(await answerTo('answer_cut')).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output_text: 'Tenho horário às',
    });
    expect(await answerTo('answer_filtered')).toMatchObject({ incomplete_details: { reason: 'content_filter' } });
  });

  it('refuse in a part of their own', async () => {
    const { output, output_text } = await answerTo('answer_refused');
    expect(output_text).toBe('');
    expect(output.at(-1)).toMatchObject({ content: [{ type: 'refusal', refusal: expect.any(String) }] });
  });

  it('fail with a reason and without output', async () => {
    expect(await answerTo('answer_failed')).toMatchObject({
      status: 'failed',
      error: { code: 'server_error' },
      output: [],
    });
  });

  it('speak on the way, which the client joins with the answer', async () => {
    const { output, output_text } = await answerTo('answer_with_commentary');
    expect(output.slice(1)).toMatchObject([{ phase: 'commentary' }, { phase: 'final_answer' }]);
    expect(output_text).toBe('Vou olhar a agenda.Tenho 14h.');
  });

  it('cut a call off in the middle of its arguments', async () => {
    const response = await openai.client().responses.create({
      model,
      instructions,
      input: 'Tem horário amanhã?',
      tools: [finder],
      store: false,
      max_output_tokens: 70,
    });
    const call = response.output.find(({ type }) => type === 'function_call');
    expect(call).toMatchObject({ status: 'incomplete' });
    expect(() => JSON.parse(call?.type === 'function_call' ? call.arguments : '{}')).toThrow('JSON');
  });
});

describe('scripts', () => {
  it('answer step by step in place of the model, then leave it alone', async () => {
    const steps = [
      { toolCall: { name: 'find_free_slots', arguments: { from: 'a', to: 'b' } } },
      { error: { status: 500, code: 'server_error' } },
      { hangMs: 20 },
      { text: 'Roteiro.' },
    ];
    expect(await openai.control('POST', '/script', { steps })).toEqual({ status: 201, body: { waiting: 4 } });
    const ask = () => openai.client().responses.create({ model, input: 'Oi', store: false });
    expect((await ask()).output.slice(1)).toMatchObject([
      { type: 'function_call', name: 'find_free_slots', arguments: '{"from":"a","to":"b"}' },
    ]);
    expect(await failure(ask())).toMatchObject({ status: 500 });
    expect((await ask()).output_text).toBe('Roteiro.');
    expect((await ask()).output_text).toMatch(/^Olá/);
  });

  it('wait for their key and their words', async () => {
    await openai.control('POST', '/script', {
      key: 'sk-simulated-maria-03',
      match: 'PREÇO',
      steps: [{ text: 'R$ 180' }],
    });
    const ask = async (key: string, input: string) =>
      (await openai.client(key).responses.create({ model, input, store: false })).output_text;
    expect(await ask(demoKey, 'qual o preço?')).not.toBe('R$ 180');
    expect(await ask('sk-simulated-maria-03', 'oi')).not.toBe('R$ 180');
    expect(await ask('sk-simulated-maria-03', 'qual o preço?')).toBe('R$ 180');
  });
});

describe('the log', () => {
  it('shows whole requests, and keys only by their ends', async () => {
    await openai.client().responses.create({ model, input: 'Segredo do cliente', store: false });
    await failure(openai.client('sk-real-looking-key-000000000000').models.list());
    const { body } = await openai.control('GET', '/log');
    expect(body).toMatchObject({
      requests: [
        {
          method: 'POST',
          path: '/openai/v1/responses',
          status: 200,
          body: { input: 'Segredo do cliente' },
          usage: { input_tokens: expect.any(Number) },
        },
        { method: 'GET', path: '/openai/v1/models', status: 401 },
      ],
    });
    expect(JSON.stringify(body)).not.toContain(demoKey);
    expect(JSON.stringify(body)).not.toContain('real-looking');
  });

  it('keeps the last 200', async () => {
    for (let call = 0; call < 205; call++) await openai.client().models.retrieve(model);
    expect(openai.world.log()).toHaveLength(200);
  });
});

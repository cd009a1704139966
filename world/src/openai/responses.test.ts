import type { FunctionTool, ResponseInputItem, ResponseStreamEvent } from 'openai/resources/responses/responses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOpenAi, type OpenAiFixture } from './openai-fixture.ts';
import { failure, finder, instructions, model } from './openai-samples.ts';

let openai: OpenAiFixture;
beforeAll(async () => {
  openai = await startOpenAi();
});
afterAll(() => openai.close());

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

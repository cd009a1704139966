import { APIConnectionTimeoutError, AuthenticationError, InternalServerError, RateLimitError } from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { demoKey } from './keys.ts';
import { startOpenAi, type OpenAiFixture } from './openai-fixture.ts';
import { failure, finder, instructions, model } from './openai-samples.ts';

let openai: OpenAiFixture;
beforeAll(async () => {
  openai = await startOpenAi();
});
afterEach(async () => {
  await openai.control('PUT', '/faults', { faults: [] });
  await openai.control('DELETE', '/log');
});
afterAll(() => openai.close());

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

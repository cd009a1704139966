import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { demoKey } from './keys.ts';
import { startOpenAi, type OpenAiFixture } from './openai-fixture.ts';
import { failure, model } from './openai-samples.ts';

let openai: OpenAiFixture;
beforeAll(async () => {
  openai = await startOpenAi();
});
afterAll(() => openai.close());

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

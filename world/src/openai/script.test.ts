import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { demoKey } from './keys.ts';
import { startOpenAi, type OpenAiFixture } from './openai-fixture.ts';
import { failure, model } from './openai-samples.ts';

let openai: OpenAiFixture;
beforeAll(async () => {
  openai = await startOpenAi();
});
afterEach(async () => {
  await openai.control('DELETE', '/script');
  await openai.control('DELETE', '/log');
});
afterAll(() => openai.close());

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

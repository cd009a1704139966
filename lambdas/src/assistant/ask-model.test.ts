import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createOpenAi } from '../openai/openai-client.ts';
import { openAiFailureOf } from '../openai/openai-failure.ts';
import { askModel, maxRounds } from './ask-model.ts';
import { NoAnswer } from './read-reply.ts';
import { defineTool } from './tools/tool.ts';

const requestSchema = z.looseObject({ input: z.array(z.looseObject({})), tool_choice: z.string().optional() });
const tool = defineTool({
  name: 'find_free_slots',
  description: 'Free times',
  schema: z.object({ from: z.string() }),
  run: () => Promise.resolve({ slots: [] }),
});
type Script = { status?: number; body: object };

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** An HTTP server that gives the answers of a script, one after the other, the last one for ever. */
async function scripted(script: Script[]) {
  const requests: z.infer<typeof requestSchema>[] = [];
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    requests.push(requestSchema.parse(await json(request)));
    const { status = 200, body } = script[Math.min(requests.length, script.length) - 1] ?? { body: {} };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  const { port } = z.object({ port: z.int() }).parse(server.address());
  const calls: string[] = [];
  const usage: number[] = [];
  const ask = (model = 'gpt-6-luna') =>
    askModel({
      openai: createOpenAi({ key: 'sk-test', baseUrl: `http://127.0.0.1:${port}/v1`, timeoutMs: 2_000, maxRetries: 0 }),
      model,
      instructions: 'Answer.',
      input: [{ role: 'user', content: 'Tem horário amanhã?' }],
      tools: [tool.definition],
      runTool: async (name, args) => {
        calls.push(`${name} ${args}`);
        return '{"slots":[]}';
      },
      signal: AbortSignal.timeout(5_000),
      onUsage: ({ inputTokens, outputTokens }) => usage.push(inputTokens, outputTokens),
    });
  return { ask, requests, calls, usage };
}

const usage = { input_tokens: 10, output_tokens: 2, total_tokens: 12 };
const reasoning = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'sealed' };
const call = {
  type: 'function_call',
  id: 'fc_1',
  call_id: 'call_1',
  name: 'find_free_slots',
  arguments: '{"from":"a"}',
};
const text = {
  type: 'message',
  id: 'm_1',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text: ' Olá! ', annotations: [] }],
};
const response = (output: object[], rest: object = {}): Script => ({
  body: { id: 'resp_1', object: 'response', model: 'gpt-6-luna-2026-10-01', output, usage, metadata: {}, ...rest },
});

describe('askModel', () => {
  it('answers the text, and the model as the response names it', async () => {
    const { ask, requests, usage } = await scripted([response([reasoning, text])]);
    expect(await ask()).toEqual({ text: 'Olá!', model: 'gpt-6-luna-2026-10-01', simulated: false });
    expect(requests[0]).toMatchObject({
      store: false,
      model: 'gpt-6-luna',
      tool_choice: 'auto',
      max_output_tokens: 2_000,
    });
    expect(usage).toEqual([10, 2]);
  });

  it('runs tools and gives back their output together with what the model thought', async () => {
    const { ask, requests, calls, usage } = await scripted([response([reasoning, call]), response([text])]);
    expect((await ask()).text).toBe('Olá!');
    expect(calls).toEqual(['find_free_slots {"from":"a"}']);
    expect(requests[1]?.input.slice(1)).toMatchObject([
      { type: 'reasoning', encrypted_content: 'sealed' },
      { type: 'function_call', call_id: 'call_1' },
      { type: 'function_call_output', call_id: 'call_1', output: '{"slots":[]}' },
    ]);
    expect(usage).toEqual([10, 2, 10, 2]);
  });

  it('ends after four rounds, in the last of which no tool can be called', async () => {
    const { ask, requests, calls } = await scripted([response([call])]);
    await expect(ask()).rejects.toMatchObject({ why: 'failed' });
    expect(requests).toHaveLength(maxRounds);
    expect(requests.map(({ tool_choice }) => tool_choice)).toEqual(['auto', 'auto', 'auto', 'none']);
    expect(calls).toHaveLength(maxRounds - 1);
  });

  it('asks for encrypted reasoning only where there is reasoning', async () => {
    const { ask, requests } = await scripted([response([text])]);
    await ask('gpt-6-luna');
    await ask('gpt-4.1-mini');
    expect(requests.map((request) => 'include' in request)).toEqual([true, false]);
  });

  it.each([
    ['in its metadata', { metadata: { simulated: 'true' } }],
    ['in the name of the model', { model: 'simulated-gpt' }],
  ])('knows a simulated model that says so %s', async (_, rest) => {
    const { ask } = await scripted([response([text], rest)]);
    expect((await ask()).simulated).toBe(true);
  });

  it.each([
    [401, { code: 'invalid_api_key' }, 'key_refused'],
    [401, { code: null, message: 'Missing scopes: model.request' }, 'restricted'],
    [401, { code: null, message: 'Unauthorized' }, 'key_doubtful'],
    [401, { code: 'incorrect_hostname' }, 'wrong_host'],
    [403, { code: 'permission_denied' }, 'not_allowed'],
    [403, { code: 'model_not_found' }, 'model_not_allowed'],
    [403, { code: 'unsupported_country_region_territory', type: 'request_forbidden' }, 'region'],
    [429, { code: 'insufficient_quota' }, 'no_credit'],
    [429, { code: 'project_spend_limit_exceeded', type: 'insufficient_quota' }, 'no_credit'],
    [429, { code: 'a_limit_of_2027', type: 'insufficient_quota' }, 'no_credit'],
    [429, { code: 'rate_limit_exceeded', type: 'requests' }, 'busy'],
    [429, { code: 'slow_down', type: 'rate_limit_error' }, 'busy'],
    [500, { code: 'server_error' }, 'busy'],
    [503, { code: 'server_is_overloaded' }, 'busy'],
    [400, { code: 'invalid_value' }, 'refused'],
    [400, { code: 'model_not_found' }, 'model_gone'],
    [404, { code: 'model_not_found' }, 'model_gone'],
    [400, { code: 'context_length_exceeded' }, 'too_long'],
    [400, { code: 'invalid_prompt' }, 'flagged'],
  ])('fails with %i %j as %s', async (status, body, failure) => {
    const { ask, usage } = await scripted([{ status, body: { error: { message: 'No', ...body } } }]);
    const error: unknown = await ask().catch((error: unknown) => error);
    expect(openAiFailureOf(error)).toBe(failure);
    expect(usage).toEqual([]);
  });

  const said = (content: object[], rest: object = {}) => ({ ...text, content, ...rest });
  const part = (text: string) => ({ type: 'output_text', text, annotations: [] });
  const half = said([part('Tenho horário às')]);

  it.each([
    ['cut', response([half], { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } })],
    ['cut', response([{ ...call, arguments: '{"from":"20' }], { status: 'incomplete', incomplete_details: null })],
    ['filtered', response([half], { status: 'incomplete', incomplete_details: { reason: 'content_filter' } })],
    ['declined', response([said([{ type: 'refusal', refusal: 'Não posso.' }])])],
    ['busy', response([], { status: 'failed', error: { code: 'server_error', message: 'x' } })],
    ['flagged', response([], { status: 'failed', error: { code: 'misalignment_policy_violation', message: 'x' } })],
    ['failed', response([said([part('Vou olhar a agenda.')], { phase: 'commentary' })])],
    ['failed', response([said([part(' to=functions.find_free_slots 天 {"from":"a"}')])])],
    ['failed', response([])],
  ])('takes nothing for a reply that is %s', async (why, answer) => {
    const { ask, calls } = await scripted([answer]);
    const error: unknown = await ask().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(NoAnswer);
    expect(error).toMatchObject({ why });
    expect(calls).toEqual([]);
  });

  it('offers the answer without what was said on the way to it', async () => {
    const onTheWay = said([part('Vou olhar a agenda.')], { phase: 'commentary' });
    const answer = said([part('Tenho 14h.')], { phase: 'final_answer' });
    const { ask } = await scripted([response([onTheWay, answer])]);
    expect((await ask()).text).toBe('Tenho 14h.');
  });

  it('counts the tokens of the rounds before one that fails', async () => {
    const { ask, usage } = await scripted([response([call]), { status: 500, body: {} }]);
    await expect(ask()).rejects.toThrow('500');
    expect(usage).toEqual([10, 2]);
  });

  it('knows an OpenAI that is not there from one that refuses', async () => {
    const openai = createOpenAi({ key: 'sk-test', baseUrl: 'http://127.0.0.1:9/v1', timeoutMs: 500, maxRetries: 0 });
    const error: unknown = await openai.models.list().catch((error: unknown) => error);
    expect(openAiFailureOf(error)).toBe('unreachable');
    expect(openAiFailureOf(new Error('mine'))).toBeUndefined();
  });
});

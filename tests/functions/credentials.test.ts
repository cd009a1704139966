import { credentialSchema, credentialsResponseSchema, eventsResponseSchema } from '@top-active/core/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApiError } from '@top-active/local/client/api-client';
import { startLambdasFixture, type LambdasFixture, type TestUser } from '../support/lambdas-fixture.ts';
import { storedText } from '../support/stored-text.ts';

let fixture: LambdasFixture;
let user: TestUser;
beforeAll(async () => {
  fixture = await startLambdasFixture();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  user = await fixture.newUser();
  fixture.openAi.answer = ({ key }) =>
    key === goodKey
      ? { status: 200, body: { id: 'gpt-6-luna', object: 'model', shutdown_date: null } }
      : { status: 401, body: { error: { code: 'invalid_api_key', message: `Incorrect API key provided: ${key}` } } };
});

const goodKey = 'sk-proj-good-0123456789abcdefWXYZ';
const badKey = 'sk-proj-bad-0123456789abcdefghij';

const put = (key: unknown) =>
  user.api.request('/api/credentials/openai', { method: 'PUT', body: { key }, answer: credentialSchema });
const list = async () => (await user.api.request('/api/credentials', { answer: credentialsResponseSchema })).items;

async function refusalOf(work: Promise<unknown>) {
  const error: unknown = await work.catch((error: unknown) => error);
  if (!(error instanceof ApiError)) throw new Error('Not refused', { cause: error });
  return error.problem;
}

const everything = () => storedText(fixture.cloud);

describe('the OpenAI key', () => {
  it('is tried, sealed, and never told again', async () => {
    const stored = await put(goodKey);
    expect(stored).toMatchObject({ provider: 'openai', hint: 'WXYZ', state: 'valid', scopes: [], simulated: true });
    expect(await list()).toEqual([stored]);
    const all = await everything();
    expect(all).toContain('CREDENTIAL#openai');
    expect(all).not.toContain('0123456789abcdef');
    expect((await user.tenant.credentials.open('openai'))?.secret).toBe(goodKey);
    const { items } = await user.api.request('/api/events?after=0', { answer: eventsResponseSchema });
    expect(items.at(-1)?.type).toBe('credentials.updated');
  });

  it('that OpenAI refuses is refused, naming the field, and leaves the former one in place', async () => {
    await put(goodKey);
    const problem = await refusalOf(put(badKey));
    expect(problem).toMatchObject({ status: 400, code: 'openai_key_invalid' });
    expect(problem.errors?.[0]?.field).toBe('key');
    expect(JSON.stringify(problem)).not.toContain(badKey);
    expect((await list())[0]?.hint).toBe('WXYZ');
  });

  it.each([
    ['may not ask', { status: 403, body: { error: { code: 'missing' } } }, 400, 'openai_key_unusable'],
    [
      'belongs elsewhere',
      { status: 401, body: { error: { code: 'incorrect_hostname' } } },
      400,
      'openai_key_elsewhere',
    ],
    [
      'is asked from where OpenAI serves nobody',
      { status: 403, body: { error: { code: 'unsupported_country_region_territory' } } },
      400,
      'openai_region_refused',
    ],
    ['meets an OpenAI that is down', { status: 503, body: {} }, 502, 'openai_unreachable'],
    [
      'is asked about too often',
      { status: 429, body: { error: { code: 'rate_limit_exceeded' } } },
      502,
      'openai_unreachable',
    ],
  ])('that %s is not stored', async (_, answer, status, code) => {
    fixture.openAi.answer = () => answer;
    expect(await refusalOf(put(goodKey))).toMatchObject({ status, code });
    expect(await list()).toEqual([]);
  });

  it.each([
    [429, { code: 'credit_balance_exhausted', type: 'insufficient_quota' }, 'no_credit'],
    [403, { code: 'model_not_found' }, 'model_not_allowed'],
    [404, { code: 'model_not_found' }, 'model_gone'],
  ])('that OpenAI knows is stored with what %i %j keeps it from', async (status, error, kind) => {
    fixture.openAi.answer = () => ({ status, body: { error: { message: 'x', ...error } } });
    const stored = await put(goodKey);
    expect(stored).toMatchObject({ state: 'valid', problem: { kind, model: 'gpt-6-luna' } });
    expect(await list()).toEqual([stored]);
  });

  it('that may write and not look at models is good', async () => {
    const message = 'You have insufficient permissions. Missing scopes: api.model.read.';
    fixture.openAi.answer = () => ({ status: 401, body: { error: { code: null, message } } });
    expect(await put(goodKey)).not.toHaveProperty('problem');
  });

  it('comes with the end of the model, when that is near', async () => {
    const on = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
    fixture.openAi.answer = () => ({ status: 200, body: { id: 'gpt-6-luna', object: 'model', shutdown_date: on } });
    expect(await put(goodKey)).toMatchObject({ state: 'valid', modelEnds: { model: 'gpt-6-luna', on } });
  });

  it.each([
    ['missing', undefined, 'missing'],
    ['of another kind', 'pk-0123456789-0123456789', 'form'],
    ['too short', 'sk-123', 'short'],
  ])('that is %s is refused before OpenAI is asked', async (_, key, word) => {
    fixture.openAi.answer = () => {
      throw new Error('OpenAI was asked');
    };
    const problem = await refusalOf(put(key));
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(problem.errors?.[0]).toMatchObject({ field: 'key' });
    expect(problem.errors?.[0]?.message).toContain(word);
  });

  it('cannot be guessed quickly', async () => {
    const tries = await Promise.all(Array.from({ length: 20 }, () => refusalOf(put(badKey))));
    expect(tries.filter(({ code }) => code === 'openai_key_invalid').length).toBeLessThanOrEqual(6);
    expect(tries.find(({ code }) => code === 'too_many_attempts')?.retryAfter).toBeGreaterThanOrEqual(1);
  });

  it('is forgotten on demand, also twice', async () => {
    await put(goodKey);
    for (const _ of [1, 2]) await user.api.request('/api/credentials/openai', { method: 'DELETE' });
    expect(await list()).toEqual([]);
    expect(await user.tenant.credentials.open('openai')).toBeUndefined();
  });

  it('of one user is nothing to another', async () => {
    await put(goodKey);
    const other = await fixture.newUser();
    expect((await other.api.request('/api/credentials', { answer: credentialsResponseSchema })).items).toEqual([]);
  });
});

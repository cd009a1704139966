import { partOfTenant } from '@top-active/aws/test-support/part-of-tenant';
import { aCredential } from '@top-active/aws/test-support/records';
import type { Credential } from '@top-active/core/contracts';
import { PermanentError } from '@top-active/core/errors';
import { APIError } from 'openai';
import { beforeEach, describe, expect, it } from 'vitest';
import { noteFailure } from './note-failure.ts';
import { NoAnswer } from './read-reply.ts';

const now = Date.parse('2026-11-30T12:00:00.000Z');
const inAnHour = '2026-11-30T13:00:00.000Z';
const job = { type: 'suggest', userId: 'u', chatId: 'chat', messageId: 'message' } as const;
const model = 'gpt-6-luna';

let credential: Partial<Credential> | undefined;
let noted: Record<string, unknown>;
beforeEach(() => {
  credential = { state: 'valid' };
  noted = {};
});

const refusal = (status: number, error: object) =>
  APIError.generate(status, { error: { message: 'x', ...error } }, undefined, new Headers());

/** What is noted, by where. */
async function note(thrown: unknown, attempt = 1): Promise<Record<string, unknown>> {
  const tenant = partOfTenant({
    credentials: {
      get: () => Promise.resolve(credential && aCredential(credential)),
      setState: async (_, state) => void (noted.state = state),
      note: async (_, what) => void (noted.credential = what),
    },
    chats: { noteNoProposal: async (chatId, what) => void (noted.chat = { chatId, ...what }) },
  });
  const watch = { look: () => Promise.resolve(undefined), gone: async () => void (noted.gone = true) };
  await noteFailure(thrown, { job, tenant, attempt, model, watch, now: () => now });
  return noted;
}

const toldOfChat = (why: string) => ({ chat: { chatId: 'chat', answers: 'message', why } });

describe('an answer that is no reply', () => {
  it('is told in the chat', async () => {
    expect(await note(new NoAnswer('declined', { detail: 'x' }))).toEqual(toldOfChat('declined'));
  });

  it('that may pass is asked for again, and told at the third delivery', async () => {
    const error = new NoAnswer('busy', { mayPass: true, detail: 'x' });
    for (const attempt of [1, 2]) await expect(note(error, attempt)).rejects.toBe(error);
    expect(noted).toEqual({});
    expect(await note(error, 3)).toEqual(toldOfChat('busy'));
  });
});

describe('a refusal of the request', () => {
  it.each([
    [{ code: 'context_length_exceeded' }, 'too_long'],
    [{ code: 'invalid_prompt' }, 'flagged'],
  ])('%j is told in the chat', async (error, why) => {
    expect(await note(refusal(400, error))).toEqual(toldOfChat(why));
  });

  it('that is our own mistake is told, and never repeated', async () => {
    await expect(note(refusal(400, {}))).rejects.toBeInstanceOf(PermanentError);
    expect(noted).toEqual(toldOfChat('failed'));
  });

  it('that may pass is told at the third delivery, and kept as a dead letter', async () => {
    const error = refusal(503, {});
    for (const attempt of [1, 2]) await expect(note(error, attempt)).rejects.toBe(error);
    expect(noted).toEqual({});
    await expect(note(error, 3)).rejects.toBe(error);
    expect(noted).toEqual(toldOfChat('busy'));
  });
});

describe('a refusal of the key', () => {
  it('that is unknown ends its use', async () => {
    expect(await note(refusal(401, { code: 'invalid_api_key' }))).toEqual({ state: 'invalid' });
  });

  it.each([
    [429, { code: 'insufficient_quota' }, 'no_credit'],
    [403, { code: 'model_not_found' }, 'model_not_allowed'],
    [403, { code: 'x' }, 'not_allowed'],
  ])('%i %j is noted as %s for an hour', async (status, error, kind) => {
    const problem = { kind, since: '2026-11-30T12:00:00.000Z', retryAt: inAnHour, model };
    expect(await note(refusal(status, error))).toEqual({ credential: { problem, modelEnds: undefined } });
  });

  it('for want of the model is told to the operator as well', async () => {
    expect(await note(refusal(404, { code: 'model_not_found' }))).toMatchObject({
      gone: true,
      credential: { problem: { kind: 'model_gone' } },
    });
  });

  it('keeps since when, as long as the reason is the same, and what is known of the model', async () => {
    const since = '2026-11-29T12:00:00.000Z';
    const modelEnds = { model, on: '2027-01-01' };
    credential = { problem: { kind: 'no_credit', since, retryAt: since, model }, modelEnds };
    const known = await note(refusal(429, { code: 'insufficient_quota' }));
    expect(known).toMatchObject({ credential: { problem: { since, retryAt: inAnHour }, modelEnds } });
    const other = await note(refusal(403, { code: 'x' }));
    expect(other).toMatchObject({ credential: { problem: { since: '2026-11-30T12:00:00.000Z' } } });
  });

  it.each([
    [{ message: 'Missing scopes: model.request' }, 'restricted'],
    [{}, 'not_allowed'],
  ])('of which a healthy one is told too is believed the second time: %j', async (error, kind) => {
    const doubtful = refusal(401, error);
    await expect(note(doubtful, 1)).rejects.toBe(doubtful);
    expect(noted).toEqual({});
    expect(await note(doubtful, 2)).toMatchObject({ credential: { problem: { kind } } });
  });
});

it('passes on what is not OpenAI’s', async () => {
  const error = new Error('Throttled');
  await expect(note(error, 3)).rejects.toBe(error);
  expect(noted).toEqual({});
});

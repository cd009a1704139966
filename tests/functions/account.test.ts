import { eventsResponseSchema, healthResponseSchema, meSchema } from '@top-active/core/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ApiError } from '@top-active/local/client/api-client';
import { startLambdasFixture, type LambdasFixture, type TestUser } from '../support/lambdas-fixture.ts';

let fixture: LambdasFixture;
let user: TestUser;
beforeAll(async () => {
  fixture = await startLambdasFixture();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  user = await fixture.newUser();
});

const patch = (body: object) => user.api.request('/api/me', { method: 'PATCH', body, answer: meSchema });
const events = (after: number | string) =>
  user.api.request(`/api/events?after=${after}`, { answer: eventsResponseSchema });

async function refusalOf(work: Promise<unknown>) {
  const error: unknown = await work.catch((error: unknown) => error);
  if (!(error instanceof ApiError)) throw new Error('Not refused', { cause: error });
  return error.problem;
}

describe('the profile', () => {
  it('takes changes, keeps the rest, and tells it in the event log', async () => {
    const before = await user.api.request('/api/me', { answer: meSchema });
    const { seq } = await events(0);
    expect(await patch({ timeZone: 'America/Manaus', about: 'Aulas de inglês' })).toEqual({
      ...before,
      timeZone: 'America/Manaus',
      about: 'Aulas de inglês',
    });
    expect((await events(seq)).items).toMatchObject([{ type: 'profile.updated', seq: seq + 1 }]);
  });

  it.each([
    ['email', { email: 'other@example.com' }],
    ['id', { id: '0' }],
    ['timeZone', { timeZone: 'Mars/Olympus' }],
    ['appointmentMinutes', { appointmentMinutes: 7.5 }],
    [
      'workingHours.mon',
      { workingHours: { mon: [{ from: '12:00', to: '09:00' }], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] } },
    ],
    ['workingHours.sun', { workingHours: { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [] } }],
  ])('refuses a wrong %s by its name', async (field, body) => {
    const before = await user.api.request('/api/me', { answer: meSchema });
    const problem = await refusalOf(patch(body));
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(problem.errors?.map((error) => error.field)).toEqual([field]);
    expect(await user.api.request('/api/me', { answer: meSchema })).toEqual(before);
  });
});

describe('the event log', () => {
  it('has no gaps, also when many changes come at once', async () => {
    const { seq } = await events(0);
    await Promise.all(Array.from({ length: 8 }, (_, i) => patch({ about: `n${i}` })));
    const { items } = await events(seq);
    expect(items.map((event) => event.seq)).toEqual(Array.from({ length: 8 }, (_, i) => seq + 1 + i));
    expect((await events(seq + 8)).items).toEqual([]);
  });

  it.each(['-1', 'abc', '1.5', '1e99'])('refuses after=%s', async (after) => {
    const problem = await refusalOf(events(after));
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(problem.errors?.[0]?.field).toBe('after');
  });
});

describe('what needs no token', () => {
  it('is health', async () => {
    const response = await fetch(`${fixture.origin}/api/health`);
    expect(healthResponseSchema.parse(await response.json())).toMatchObject({ status: 'ok', simulated: true });
  });

  it('is the OpenAPI document', async () => {
    const response = await fetch(`${fixture.origin}/api/openapi.json`);
    const document = z
      .looseObject({
        openapi: z.string(),
        servers: z.array(z.object({ url: z.string() })),
        paths: z.record(z.string(), z.unknown()),
      })
      .parse(await response.json());
    expect(document.openapi).toBe('3.1.0');
    expect(document.servers).toEqual([{ url: fixture.origin }]);
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/api/me', '/api/chats/{id}/messages', '/api/auth/login']),
    );
  });
});

describe('another user', () => {
  it('sees a profile and an event log of their own', async () => {
    await patch({ about: 'mine' });
    const other = await fixture.newUser();
    expect(await other.api.request('/api/me', { answer: meSchema })).toMatchObject({ id: other.userId, about: '' });
    expect((await other.api.request('/api/events?after=0', { answer: eventsResponseSchema })).seq).toBeLessThan(
      (await events(0)).seq,
    );
  });
});

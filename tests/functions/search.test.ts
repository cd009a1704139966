import { searchResponseSchema } from '@top-active/core/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiError } from '@top-active/local/client/api-client';
import { startLambdasFixture, type LambdasFixture, type TestUser } from '../support/lambdas-fixture.ts';

let fixture: LambdasFixture;
beforeAll(async () => {
  fixture = await startLambdasFixture();
});
afterAll(() => fixture.close());

let stanzas = 0;

async function customerWrites({ tenant }: TestUser, text: string, waId = '5511987654321@c.us') {
  const stanzaId = `3EB0${++stanzas}`;
  return tenant.messages.recordMessage({
    chat: { waIds: [waId], name: 'Bia', isGroup: false },
    message: {
      waId: `false_${waId}_${stanzaId}`,
      stanzaId,
      direction: 'in',
      author: 'customer',
      kind: 'text',
      text,
      sentAt: 1_790_000_000 + stanzas,
      delivery: 'delivered',
    },
  });
}

async function search({ api }: TestUser, query: Record<string, string>) {
  const path = `/api/search?${new URLSearchParams(query).toString()}`;
  const { items, next } = await api.request(path, { answer: searchResponseSchema });
  return { texts: items.map(({ text }) => text), next };
}

describe('GET /api/search', () => {
  it('finds what was said to this owner, in any chat or in one, page by page, and nothing of a neighbour’s', async () => {
    const [ana, bruno] = [await fixture.newUser(), await fixture.newUser()];
    const { chatId } = await customerWrites(ana, 'Tem horário amanhã?');
    await customerWrites(ana, 'E o horário de sábado?', '5521976543210@c.us');
    await customerWrites(bruno, 'Horário do Bruno');
    const first = await search(ana, { text: 'HORARIO', limit: '1' });
    expect(first).toEqual({ texts: ['E o horário de sábado?'], next: expect.any(String) });
    expect(await search(ana, { text: 'horario', limit: '1', before: first.next ?? '' })).toEqual({
      texts: ['Tem horário amanhã?'],
    });
    expect(await search(ana, { text: 'hor amanh', chatId })).toEqual({ texts: ['Tem horário amanhã?'] });
    await expect(search(bruno, { text: 'horario', chatId })).rejects.toMatchObject({
      problem: { code: 'chat_not_found' },
    });
    expect(await search(bruno, { text: 'horario' })).toEqual({ texts: ['Horário do Bruno'] });
  });

  it.each([
    ['text', {}],
    ['text', { text: '' }],
    ['text', { text: '\u0301' }],
    ['text', { text: 'x'.repeat(201) }],
    ['chatId', { text: 'oi', chatId: 'x' }],
    ['before', { text: 'oi', before: 'x' }],
    ['limit', { text: 'oi', limit: '51' }],
  ])('refuses a bad %s: %j', async (field, query) => {
    const error = await search(await fixture.newUser(), query).catch((refusal: unknown) => refusal);
    const { code, errors } = error instanceof ApiError ? error.problem : {};
    expect([code, errors?.map((one) => one.field)]).toEqual(['invalid_request', [field]]);
  });
});

import { describe, expect, it } from 'vitest';
import { partOfTenant } from '../../test-support/part-of-tenant.ts';

describe('a tenant of the parts that a test gives', () => {
  it('answers what it was given', async () => {
    const tenant = partOfTenant({ userId: 'ana', chats: { resolvePeer: async () => 'chat' } });
    expect([tenant.userId, await tenant.chats.resolvePeer(['ana@c.us'])]).toEqual(['ana', 'chat']);
    expect(await Promise.resolve(tenant)).toBe(tenant);
  });

  it('says what is missing, of a store that was given and of one that was not', () => {
    const tenant = partOfTenant({ chats: { resolvePeer: async () => 'chat' } });
    expect(() => tenant.chats.get('chat')).toThrow('tenant.chats.get is asked for, and the test gives none');
    expect(() => void Reflect.get(tenant.messages, 'find')).toThrow('tenant.messages.find');
  });

  it('hands on a store of which nothing is asked, but has no value that was not given', () => {
    const tenant = partOfTenant({});
    expect(() => tenant.secrets).not.toThrow();
    expect(() => tenant.userId).toThrow('tenant.userId');
    expect(() => tenant.claim()).toThrow('tenant.claim');
    expect(() => tenant.lost).toThrow('tenant.lost');
  });

  it('takes only what a tenant has, as it has it', () => {
    // @ts-expect-error -- there is no such store
    partOfTenant({ letters: {} });
    // @ts-expect-error -- there is no such call
    partOfTenant({ chats: { shred: () => undefined } });
    // @ts-expect-error -- it answers a chat's id, and later
    partOfTenant({ chats: { resolvePeer: () => 'chat' } });
    // @ts-expect-error -- an answer lacks most of its fields
    partOfTenant({ profile: { get: async () => ({ locale: 'en' }) } });
    expect.assertions(0);
  });
});

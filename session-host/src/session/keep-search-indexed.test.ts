import type { Log } from '@top-active/aws';
import { partOfTenant } from '@top-active/aws/test-support/part-of-tenant';
import { expect, it } from 'vitest';
import { keepSearchIndexed } from './keep-search-indexed.ts';

const ignore = () => undefined;

it('indexes everybody again and again, whoever fails, until the signal', async () => {
  const ending = new AbortController();
  const indexed: string[] = [];
  const warned: unknown[] = [];
  const log: Log = { debug: ignore, info: ignore, warn: (_line, fields) => void warned.push(fields), error: ignore };
  const tenants = ['ana', 'bia', 'caio'].map((userId) =>
    partOfTenant({
      userId,
      search: {
        async index() {
          indexed.push(userId);
          if (userId === 'bia') throw new Error('DynamoDB is away');
          return true;
        },
      },
    }),
  );
  const done = keepSearchIndexed({ tenants: () => tenants, everyMs: 1, log, signal: ending.signal });
  await expect.poll(() => indexed.length).toBeGreaterThan(6);
  ending.abort();
  await done;
  expect(indexed.slice(0, 6)).toEqual(['ana', 'bia', 'caio', 'ana', 'bia', 'caio']);
  expect(warned).toContainEqual({ userId: 'bia' });
  const { length } = indexed;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(indexed).toHaveLength(length);
});

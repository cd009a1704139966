import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../../test-support/dynoxide.ts';
import { openTenant } from '../../test-support/tenants.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.close());

const takenAt = '2026-11-24T10:00:00.000Z';

describe('pointer to the newest checkpoint', () => {
  it('is moved forward, and never back', async () => {
    const { checkpointPointer } = openTenant(db);
    expect(await checkpointPointer.get()).toBeUndefined();
    expect(await checkpointPointer.move({ epoch: 3, generation: 1, takenAt })).toBe(true);
    expect(await checkpointPointer.move({ epoch: 3, generation: 2, takenAt })).toBe(true);
    expect(await checkpointPointer.move({ epoch: 3, generation: 1, takenAt })).toBe(false);
    expect(await checkpointPointer.get()).toEqual({ epoch: 3, generation: 2, takenAt });
  });

  it('is out of reach for a host whose term is over, whatever that one remembers', async () => {
    const userId = randomUUID();
    const old = openTenant(db, { userId }).checkpointPointer;
    const young = openTenant(db, { userId }).checkpointPointer;
    await old.move({ epoch: 5, generation: 8, takenAt });
    expect(await young.move({ epoch: 6, generation: 9, takenAt })).toBe(true);
    expect(await old.move({ epoch: 5, generation: 10, takenAt })).toBe(false);
    expect(await young.move({ epoch: 6, generation: 10, takenAt })).toBe(true);
    expect(await young.get()).toEqual({ epoch: 6, generation: 10, takenAt });
  });

  it('remembers that everything was forgotten', async () => {
    const { checkpointPointer } = openTenant(db);
    await checkpointPointer.move({ epoch: 1, generation: 4, takenAt });
    await checkpointPointer.move({ epoch: 1, generation: 4 });
    expect(await checkpointPointer.get()).toEqual({ epoch: 1, generation: 4 });
    expect(await checkpointPointer.move({ epoch: 1, generation: 5, takenAt })).toBe(true);
  });
});

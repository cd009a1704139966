import { describe, expect, it } from 'vitest';
import { createClosers } from './closers.ts';
import { startSideBySide } from './start-side-by-side.ts';

describe('parts that start side by side', () => {
  it('are all closed when one of them fails, also those that were still starting', async () => {
    const closed: string[] = [];
    const part = (name: string) => ({ close: () => Promise.resolve(closed.push(name)) });
    const late = Promise.withResolvers<undefined>();
    const closers = createClosers();
    const starting = startSideBySide(closers, {
      early: () => Promise.resolve(part('early')),
      broken: () => {
        late.resolve(undefined);
        throw new Error('The file is damaged');
      },
      late: () => late.promise.then(() => part('late')),
    });
    await expect(starting).rejects.toThrow('The file is damaged');
    await closers.closeAll();
    expect(closed.toSorted()).toEqual(['early', 'late']);
  });

  it('come out by their names', async () => {
    const close = () => Promise.resolve();
    const { one, two } = await startSideBySide(createClosers(), {
      one: () => Promise.resolve({ close, port: 1 }),
      two: () => Promise.resolve({ close, url: 'x' }),
    });
    expect([one.port, two.url]).toEqual([1, 'x']);
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createChatKeys } from './chat-keys.ts';
import { createKeyedQueue } from './keyed-queue.ts';

describe('keyed queue', () => {
  it('keeps the order within a key, whatever the tasks do and whenever they end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c'), fails: fc.boolean() }), { maxLength: 30 }),
        async (scheduler, tasks) => {
          const queue = createKeyedQueue({ concurrency: 2 });
          const done = new Map<string, number[]>();
          const running = new Set<string>();
          const all = tasks.map(({ key, fails }, index) =>
            queue
              .run(key, async () => {
                if (running.has(key)) throw new Error('overlap');
                running.add(key);
                await scheduler.schedule(Promise.resolve());
                running.delete(key);
                done.set(key, [...(done.get(key) ?? []), index]);
                if (fails) throw new Error('refused');
              })
              .then(
                () => 'done',
                (error: Error) => error.message,
              ),
          );
          expect(await scheduler.waitFor(Promise.all(all))).not.toContain('overlap');
          for (const indices of done.values()) expect(indices).toEqual(indices.toSorted((x, y) => x - y));
          expect([...done.values()].flat()).toHaveLength(tasks.length);
          expect(queue.size).toBe(0);
        },
      ),
    );
  });

  it('keeps the order over two keys that turn out to be one', async () => {
    const queue = createKeyedQueue({ concurrency: 4 });
    const keys = createChatKeys({ onRetired: (retired, key) => queue.wait(key, retired) });
    const held = Promise.withResolvers<void>();
    const done: string[] = [];
    const add = (peer: string, before?: Promise<void>) =>
      queue.run(keys.keyOf(peer), async () => {
        await before;
        done.push(peer);
      });
    const tasks = [add('number'), add('lid', held.promise), add('lid')];
    keys.join(['number', 'lid', 'other']);
    tasks.push(add('other'), add('number'));
    await tasks[0];
    expect(done).toEqual(['number']);
    held.resolve();
    await Promise.all(tasks);
    expect(done).toEqual(['number', 'lid', 'lid', 'other', 'number']);
    await expect.poll(() => queue.size).toBe(0);
  });

  it('lets one key go on while another is stuck', async () => {
    const queue = createKeyedQueue({ concurrency: 4 });
    const held = Promise.withResolvers<void>();
    const stuck = queue.run('slow', () => held.promise);
    expect(await queue.run('fast', async () => 'stored')).toBe('stored');
    held.resolve();
    await stuck;
  });

  it('runs so many at once as it may, and counts what waits', async () => {
    const queue = createKeyedQueue({ concurrency: 2 });
    const begun: string[] = [];
    const held = Promise.withResolvers<void>();
    const tasks = ['a', 'b', 'c'].map((key) => queue.run(key, () => (begun.push(key), held.promise)));
    await expect.poll(() => begun).toEqual(['a', 'b']);
    expect(queue.size).toBe(3);
    held.resolve();
    await Promise.all(tasks);
    expect(begun).toEqual(['a', 'b', 'c']);
    await expect.poll(() => queue.size).toBe(0);
  });

  it('takes no place among those that run while a key waits for another', async () => {
    const queue = createKeyedQueue({ concurrency: 2 });
    const held = Promise.withResolvers<void>();
    const stuck = queue.run('slow', () => held.promise);
    for (const key of ['a', 'b', 'c']) queue.wait(key, 'slow');
    expect(await queue.run('fast', async () => 'stored')).toBe('stored');
    await expect.poll(() => queue.size).toBe(4);
    held.resolve();
    await stuck;
  });

  it('does not let a key wait for itself, nor for what never stood there', async () => {
    const queue = createKeyedQueue({ concurrency: 2 });
    queue.wait('a', 'b');
    expect(queue.size).toBe(0);
    const held = Promise.withResolvers<void>();
    const first = queue.run('a', () => held.promise);
    queue.wait('a', 'a');
    expect(queue.size).toBe(1);
    held.resolve();
    await first;
  });

  it('keeps the order also of what is added when the first of several is over', async () => {
    const queue = createKeyedQueue({ concurrency: 4 });
    const second = Promise.withResolvers<void>();
    const done: string[] = [];
    const add = (name: string, until?: Promise<void>) =>
      queue.run('a', () => (until ?? Promise.resolve()).then(() => void done.push(name)));
    const tasks = [add('first'), add('second', second.promise)];
    await tasks[0];
    await expect.poll(() => queue.size).toBe(1);
    tasks.push(add('third'));
    await expect.poll(() => queue.size).toBe(2);
    second.resolve();
    await Promise.all(tasks);
    expect(done).toEqual(['first', 'second', 'third']);
  });
});

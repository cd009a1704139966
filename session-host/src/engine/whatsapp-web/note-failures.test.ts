import { logger } from '@top-active/aws';
import type { Page } from 'puppeteer';
import { describe, expect, it } from 'vitest';
import { runInSession } from '../../session/session-context.ts';
import { createFailureNotes } from './note-failures.ts';
import { createRestrictionWatch } from './restrictions/create-restriction-watch.ts';
import { createWitness } from './witness/create-witness.ts';

const navigation = new Error('Execution context was destroyed, most likely because of a navigation.');

/** What was logged of `work`, in a session whose page fails by `error`. */
async function loggedBy(work: (page: Page) => Promise<unknown>, error: Error): Promise<unknown[]> {
  const logged: unknown[] = [];
  const log = { ...logger, warn: (_: string, data: unknown) => void logged.push(data) };
  const page = { evaluate: () => Promise.reject(error) } as unknown as Page;
  await runInSession({ log }, () => work(page));
  return logged;
}

function ignore() {}

describe('what fails beside the work of a session', () => {
  it('is logged once, and not again at each heartbeat', async () => {
    const noteFailure = createFailureNotes();
    const work = () => {
      for (const what of ['one', 'two', 'one']) noteFailure(what, new Error('no'));
      return Promise.resolve();
    };
    expect(await loggedBy(work, new Error('no'))).toEqual([{ what: 'one' }, { what: 'two' }]);
  });

  it('is logged of a witness that can see nothing, unless the document is being replaced', async () => {
    const witness = () =>
      createWitness({
        limits: {
          tellMs: 1,
          storeMs: 1,
          storeInAnyCaseMs: 1,
          silentMs: 1,
          silentAgainMs: 1,
          reactionsEveryMs: 1,
        },
        emit: ignore,
        noteFailure: createFailureNotes(),
        onTick: ignore,
        onReactionsFound: ignore,
        fetchSince: () => Promise.resolve({ messages: [], isWhole: true }),
      });
    const look = (page: Page) => witness().look(page, true);
    expect(await loggedBy(look, new Error('no'))).toEqual([
      { what: 'the witness' },
      { what: 'looking for reactions' },
      { what: 'looking for votes' },
    ]);
    expect(await loggedBy(look, navigation)).toEqual([]);
  });

  it('is logged of restrictions that cannot be read, and those that were known hold', async () => {
    const restrictionWatch = createRestrictionWatch({
      limits: { restrictionsEveryMs: 1, restrictionsAgainMs: 1 },
      emit: ignore,
      noteFailure: createFailureNotes(),
    });
    expect(await loggedBy((page) => restrictionWatch.look(page), new Error('no'))).toEqual([
      { what: 'reading restrictions' },
    ]);
    expect(restrictionWatch.active).toEqual([]);
  });
});

import { relative } from 'node:path';
import type { Stryker } from '@stryker-mutator/core';

/** One change of a source, and what became of it. */
export type MutantResult = Awaited<ReturnType<Stryker['runMutationTest']>>[number];

/** What became of a room's mutants. */
export interface Score {
  /** A test failed, or ran out of time. */
  noticed: number;
  /** All tests that reach it passed. */
  survived: number;
  /** No test reaches it. */
  unreached: number;
  /** Noticed of all, in percent; 100 where there is nothing to mutate. */
  percent: number;
}

/** Mutants that could not be run (they don't even load) count neither way. */
export function scoreOf(mutants: readonly Pick<MutantResult, 'status'>[]): Score {
  const noticed = count(mutants, 'Killed') + count(mutants, 'Timeout');
  const survived = count(mutants, 'Survived');
  const unreached = count(mutants, 'NoCoverage');
  const all = noticed + survived + unreached;
  return { noticed, survived, unreached, percent: all === 0 ? 100 : (100 * noticed) / all };
}

/** A mutant as far as a person is told of it. */
type Told = Pick<MutantResult, 'fileName' | 'location' | 'mutatorName' | 'replacement' | 'status'>;

/** `file:line:column  change` of each that no test noticed, in the order of the files; names from `repository`. */
export function listMissed(mutants: readonly Told[], repository: string): string[] {
  return mutants
    .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
    .toSorted((a, b) => a.fileName.localeCompare(b.fileName) || a.location.start.line - b.location.start.line)
    .map((mutant) => describe(mutant, repository));
}

const maxReplacement = 60;

function describe({ fileName, location, mutatorName, replacement, status }: Told, repository: string): string {
  const change = replacement.replaceAll(/\s+/g, ' ').slice(0, maxReplacement);
  const reached = status === 'NoCoverage' ? 'no test reaches it' : 'survived';
  return `${relative(repository, fileName)}:${location.start.line}:${location.start.column + 1}  ${mutatorName}: ${change}  (${reached})`;
}

function count(mutants: readonly Pick<MutantResult, 'status'>[], wanted: MutantResult['status']): number {
  return mutants.filter(({ status }) => status === wanted).length;
}

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeBase } from './base-image.ts';
import type { Machine } from './machine.ts';
import { readDockerfile } from './read-dockerfile.ts';
import { createStage, type StageState } from './take-step.ts';
import { readAssignment, substitute } from './variables.ts';

export interface BuiltImage extends Pick<StageState, 'root' | 'env' | 'user' | 'folder' | 'command'> {
  /** As the Dockerfile names its base. */
  base: string;
  /** Where it was done otherwise than the Dockerfile says. */
  differences: string[];
}

/**
 * Takes a Dockerfile's steps one by one in a changed root. Knows the instructions that ours has; any other is an error.
 */
export async function buildImage(options: {
  repository: string;
  dockerfile: string;
  /** Empty; each stage gets a folder in it. */
  dir: string;
  machine: Machine;
  onStep: (text: string) => void;
}): Promise<BuiltImage> {
  const { repository, dockerfile, dir, machine, onStep } = options;
  const { initial, stages } = readDockerfile(dockerfile);
  const initialArgs = Object.fromEntries(
    initial.filter(({ keyword }) => keyword === 'ARG').map(({ text }) => readAssignment(text)),
  );
  const bases = new Set(stages.map(({ base }) => substitute(base, initialArgs)));
  const [base] = bases;
  if (!base || bases.size > 1) throw new Error('The rehearsal knows one base for all stages.');
  onStep(`FROM ${base}`);
  const baseRoot = join(dir, 'base');
  await makeBase({ root: baseRoot, image: base, machine });
  const differences = [`Base: Debian's smallest system by debootstrap, with Node and npm (${process.arch})`];

  const roots = new Map<string, string>();
  let last: StageState | undefined;
  for (const [i, { name, steps }] of stages.entries()) {
    const root = join(dir, `stage-${i}`);
    await promisify(execFile)('cp', ['--archive', baseRoot, root], { timeout: 300_000 });
    const stage = createStage({ root, repository, machine, roots });
    for (const step of steps) {
      onStep(`${step.keyword} ${step.text.length > 100 ? `${step.text.slice(0, 100)}…` : step.text}`);
      await stage.take(step);
    }
    if (name) roots.set(name, root);
    differences.push(...stage.differences);
    last = stage.state;
  }
  if (!last) throw new Error(`${dockerfile} has no stage.`);
  const { root, env, user, folder, command } = last;
  return { root, env, user, folder, command, base, differences };
}

import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { IgnoreStrategy } from 'aws-cdk-lib';
import { runInside } from './chroot.ts';
import type { Machine } from './machine.ts';
import type { Step } from './read-dockerfile.ts';
import { readAssignment, readAssignments, substitute } from './variables.ts';

export interface StageState {
  root: string;
  env: Record<string, string>;
  args: Record<string, string>;
  user: number;
  folder: string;
  command: string[];
}

/** One stage of a Dockerfile, on a copy of its base. */
export function createStage({
  root,
  repository,
  machine,
  roots,
}: {
  root: string;
  repository: string;
  machine: Machine;
  /** Of named stages before. */
  roots: ReadonlyMap<string, string>;
}) {
  const state: StageState = { root, env: {}, args: {}, user: 0, folder: '/', command: [] };
  const differences: string[] = [];
  // As CDK does it when it makes the image's context.
  const ignore = IgnoreStrategy.docker(
    repository,
    readFileSync(join(repository, '.dockerignore'), 'utf8').split('\n').filter(Boolean),
  );

  const take: Record<string, (text: string) => void | Promise<void>> = {
    ARG: (text) => void Object.assign(state.args, Object.fromEntries([readAssignment(text)])),
    ENV: (text) => void Object.assign(state.env, readAssignments(substitute(text, { ...state.args, ...state.env }))),
    WORKDIR(text) {
      state.folder = text;
      mkdirSync(join(root, text), { recursive: true });
    },
    COPY: copy,
    async RUN(text) {
      const options = { ...state, machine, env: { ...state.args, ...state.env } };
      await runInside(text.includes('apt-get install') ? await withVersionsOfMirror(text) : text, options);
      useReachableMirror();
    },
    USER(text) {
      state.user = Number(text.split(':')[0]);
    },
    CMD(text) {
      const command: unknown = JSON.parse(text);
      if (!Array.isArray(command))
        throw new Error('CMD must be a list: a shell would stand between it and its signals.');
      state.command = command.map(String);
    },
    // A folder that the orchestrator mounts over: it was made by a RUN.
    VOLUME: () => undefined,
  };

  function copy(text: string): void {
    const words = text.split(/\s+/);
    const from = /^--from=(.*)$/.exec(words[0] ?? '')?.[1];
    const sources = words.slice(from === undefined ? 0 : 1, -1);
    const target = words.at(-1) ?? '';
    const context = from === undefined ? repository : roots.get(from);
    if (context === undefined) throw new Error(`There is no stage ${from} before this one.`);
    const into = join(root, target.startsWith('/') ? target : join(state.folder, target));
    for (const source of sources) {
      const path = join(context, source);
      const isFile = existsSync(path) && statSync(path).isFile();
      const destination = isFile && (target.endsWith('/') || target === '.') ? join(into, basename(source)) : into;
      cpSync(path, destination, {
        recursive: true,
        verbatimSymlinks: true,
        filter: (each) => from !== undefined || each === path || !ignore.completelyIgnores(each),
      });
      if (from === undefined && isFile && ignore.ignores(path)) throw new Error(`.dockerignore keeps ${source} out.`);
    }
  }

  /** The snapshot of Debian can't be reached everywhere. */
  function useReachableMirror(): void {
    const sources = join(root, 'etc/apt/sources.list');
    if (!existsSync(sources) || !readFileSync(sources, 'utf8').includes('snapshot.')) return;
    rmSync(sources);
    mkdirSync(join(root, 'etc/apt/sources.list.d'), { recursive: true });
    cpSync(machine.debianSources, join(root, 'etc/apt/sources.list.d/debian.sources'));
    differences.push('Debian packages: from the mirror of this machine instead of the snapshot');
  }

  /** A mirror keeps only the newest security update: where it has moved on, that one is installed, and said. */
  async function withVersionsOfMirror(text: string): Promise<string> {
    let changed = text;
    for (const [pin, name = ''] of text.matchAll(/\b([a-z][a-z0-9.-]+)=\d\S*/g)) {
      const look = `apt-get update >/dev/null && { apt-cache show ${pin} 2>/dev/null | grep -q ^Package && echo same || apt-cache policy ${name}; }`;
      const candidate = /Candidate: (\S+)/.exec(await runInside(look, { root, machine, env: {} }))?.[1];
      if (candidate === undefined) continue;
      changed = changed.replace(pin, `${name}=${candidate}`);
      differences.push(
        `Debian packages: ${name} ${candidate}, since the mirror no longer has ${pin.slice(name.length + 1)}`,
      );
    }
    return changed;
  }

  return {
    state,
    differences,
    async take({ keyword, text, line }: Step): Promise<void> {
      const step = take[keyword];
      if (!step) throw new Error(`Line ${line}: the rehearsal doesn't know ${keyword}. Teach it in take-step.ts.`);
      await step(text);
    },
  };
}

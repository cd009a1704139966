import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { glob, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ServiceStartError } from '../loopback/index.ts';
import { localRegion } from '../wire/index.ts';
import { readTemplate, type Template } from './template.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const cache = join(repository, 'node_modules', '.cache', 'cloud-assembly');
/** Seconds on a quiet machine; on a busy one, more than two minutes were seen. */
const synthTimeoutMs = 600_000;
const keptMs = 7 * 24 * 60 * 60 * 1000;

/** Everything that may change a template: what infra is made of, and what it reads of other workspaces. */
const inputs = [
  'infra/src/**/*.ts',
  'infra/package.json',
  'lambdas/src/*.ts',
  'aws/src/**/*.ts',
  'core/src/**/*.ts',
  'session-host/Dockerfile',
  'package-lock.json',
];

/**
 * The templates of one environment as `cdk synth` makes them, synthesized anew when something they depend on has
 * changed. Policies of the embedded cloud come from here and from nowhere else.
 * @throws ServiceStartError with CDK's own words when the app can't be synthesized.
 */
export async function loadTemplates(stage: string): Promise<Template[]> {
  const folder = join(cache, `${stage}-${await hashInputs()}`);
  if (!existsSync(folder)) await synthesize(stage, folder);
  const assembly = join(folder, 'assembly');
  const files = (await readdir(assembly)).filter((name) => name.endsWith('.template.json')).toSorted();
  return Promise.all(
    files.map(async (name) =>
      readTemplate(name.slice(0, -'.template.json'.length), await readFile(join(assembly, name), 'utf8')),
    ),
  );
}

async function hashInputs(): Promise<string> {
  const files: string[] = [];
  for await (const file of glob(inputs, { cwd: repository })) if (!file.endsWith('.test.ts')) files.push(file);
  const hash = createHash('sha256');
  for (const file of files.toSorted()) hash.update(file).update(await readFile(join(repository, file)));
  return hash.digest('hex').slice(0, 16);
}

/** In a process of its own: CDK is large, and is needed only when something has changed. */
async function synthesize(stage: string, folder: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  await prune();
  const draft = join(cache, `.draft-${process.pid}-${randomBytes(4).toString('hex')}`);
  try {
    const script = join(repository, 'infra', 'src', 'synth-policies.ts');
    await promisify(execFile)(process.execPath, [script, stage, localRegion, draft], { timeout: synthTimeoutMs });
    await rename(draft, folder);
  } catch (cause) {
    // Another process was as far at the same moment, with the same result.
    if (existsSync(folder)) return;
    throw asStartError(cause);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** What the start of the stack says of a synthesis that did not end, or ended with an error. */
export function asStartError(cause: unknown): ServiceStartError {
  if (cause instanceof Error && 'killed' in cause && cause.killed === true)
    return new ServiceStartError({
      problem: `The policies of the deployment were not synthesized within ${synthTimeoutMs / 60_000} minutes.`,
      remedy: 'Start again when the machine has less to do.',
      cause,
    });
  return new ServiceStartError({
    problem: `The policies of the deployment cannot be synthesized: ${firstError(cause)}`,
    remedy: 'Run npm run ops -- synth and read its message.',
    cause,
  });
}

/** Of all that a failed process has written, the sentence that says why. */
function firstError(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return /^\w*Error: (.*)$/m.exec(text)?.[1] ?? text;
}

async function prune(): Promise<void> {
  for (const name of await readdir(cache)) {
    const path = join(cache, name);
    const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
    if (age > keptMs) await rm(path, { recursive: true, force: true });
  }
}

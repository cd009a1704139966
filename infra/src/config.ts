import type { z } from 'zod';
import { environmentSchema } from './environment-schema.ts';
import { environments } from './environments.ts';

const file = 'infra/src/environments.ts';

/** One environment, checked and with all defaults. */
export type Environment = z.output<typeof environmentSchema>;

/**
 * The configuration of one environment.
 * @param from all environments by name; those of `environments.ts` when absent
 * @throws Error naming each wrong setting and what it must be.
 */
export function readEnvironment(stage: string, from: Readonly<Record<string, unknown>> = environments): Environment {
  if (!Object.hasOwn(from, stage))
    throw new Error(`There is no environment "${stage}": use one of ${Object.keys(from).join(', ')} (${file}).`);
  const parsed = environmentSchema.safeParse(from[stage]);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `  ${path.join('.') || stage}: ${message}`);
  throw new Error(`${file}, environment "${stage}":\n${wrong.join('\n')}`);
}

/** Settings that still have the value they came with, like `googleClientId`. A deployment needs real ones. */
export function placeholdersOf(settings: object, prefix = ''): string[] {
  return Object.entries(settings).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value === 'object' && value) return placeholdersOf(value, `${prefix}${name}.`);
    return typeof value === 'string' && value.includes('set-me') ? [`${prefix}${name}`] : [];
  });
}

/** @throws Error naming each setting of an environment that cannot be deployed as it is. */
export function assertDeployable(environment: Environment): void {
  const open = placeholdersOf(environment);
  if (open.length)
    throw new Error(
      `${file}, environment "${environment.stage}": put your own value in place of set-me for ${open.join(', ')}.`,
    );
}

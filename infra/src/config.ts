import type { z } from 'zod';
import { environmentSchema } from './environment-schema.ts';
import { environments } from './environments.ts';

const file = 'infra/src/environments.ts';

/** A setting that its operator has to change; the message names it and the remedy. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** One environment, checked and with all defaults. */
export type Environment = z.output<typeof environmentSchema>;

/**
 * The configuration of one environment.
 * @param from all environments by name; those of `environments.ts` when absent
 * @throws SettingsError naming each wrong setting and what it must be.
 */
export function readEnvironment(stage: string, from: Readonly<Record<string, unknown>> = environments): Environment {
  if (!Object.hasOwn(from, stage))
    throw new SettingsError(
      `There is no environment "${stage}". Use one of ${Object.keys(from).join(', ')} (${file}).`,
    );
  const parsed = environmentSchema.safeParse(from[stage]);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `  ${path.join('.') || stage}: ${message}`);
  throw new SettingsError(`${file}, environment "${stage}":\n${wrong.join('\n')}`);
}

/** Settings that still have the value they came with, like `googleClientId`. A deployment needs real ones. */
export function placeholdersOf(settings: object, prefix = ''): string[] {
  return Object.entries(settings).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value === 'object' && value) return placeholdersOf(value, `${prefix}${name}.`);
    return typeof value === 'string' && value.includes('set-me') ? [`${prefix}${name}`] : [];
  });
}

/** What the operator of an environment with placeholders is told; undefined when it has none. */
export function askForSettings(environment: Environment): string | undefined {
  const open = placeholdersOf(environment);
  if (open.length === 0) return undefined;
  return `${file}, environment "${environment.stage}": replace set-me by your own value for ${open.join(', ')}.`;
}

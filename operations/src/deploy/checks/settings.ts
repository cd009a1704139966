import { placeholdersOf, readEnvironment, type Environment } from '@top-active/infra/config';
import type { Finding } from './check.ts';

/** Whether the settings of a stage are whole, and somebody's own. */
export function lookAtSettings(stage: string, read: (stage: string) => Environment = readEnvironment): Finding {
  let environment: Environment;
  try {
    environment = read(stage);
  } catch (error) {
    return {
      problem: error instanceof Error ? error.message : String(error),
      remedy: 'infra/src/environment-schema.ts says what each setting means and which values it takes.',
    };
  }
  const open = placeholdersOf(environment);
  if (open.length === 0) return { seen: `${stage}, in ${environment.region}` };
  return {
    problem: `"${stage}" still has placeholders for ${open.join(', ')}`,
    remedy:
      'Replace set-me by your own values in infra/src/environments.ts. docs/deploy/README.md says where to get them.',
  };
}

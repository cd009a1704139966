import { placeholdersOf, type Environment } from '@top-active/infra/config';
import { fail, ok, type Check, type Finding } from '../finding.ts';

export function settingsCheck(environment: Environment): Check {
  return { title: 'Settings', look: () => Promise.resolve(judgeSettings(placeholdersOf(environment))) };
}

export function judgeSettings(placeholders: readonly string[]): Finding {
  if (placeholders.length === 0) return ok('no placeholder left');
  return fail(
    `placeholders: ${placeholders.join(', ')}`,
    'Put your own values into infra/src/environments.ts. docs/deploy/README.md says where to get them.',
  );
}

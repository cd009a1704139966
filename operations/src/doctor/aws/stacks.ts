import { fail, ok, warn, type Check, type Finding } from '../finding.ts';
import type { Inventory, StackState } from './inventory.ts';

const whole = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE']);

export function stacksCheck(inventory: Inventory): Check {
  return { title: 'Stacks', look: async () => judgeStacks(await inventory.stacks()) };
}

export function judgeStacks(stacks: readonly Pick<StackState, 'part' | 'status'>[]): Finding {
  const missing = stacks.filter(({ status }) => status === undefined).map(({ part }) => part);
  if (missing.length === stacks.length) return fail('none is deployed', 'Deploy: npm run deploy');
  if (missing.length > 0) return fail(`missing: ${missing.join(', ')}`, 'Deploy again: npm run deploy');
  const others = stacks.filter(({ status }) => !whole.has(status ?? ''));
  const seen = others.map(({ part, status }) => `${part} is ${status}`).join(', ');
  if (others.some(({ status }) => status?.endsWith('_FAILED')))
    return fail(seen, 'Read the stack’s events in the CloudFormation console, correct the cause, and deploy again.');
  if (others.some(({ status }) => status?.includes('ROLLBACK')))
    return warn(
      seen,
      'The last deployment was rolled back. Read why in the stack’s events, correct it, and deploy again.',
    );
  if (others.length > 0) return warn(seen, 'Wait until the deployment is finished, and look again.');
  return ok(`all ${stacks.length} complete`);
}

import type { Environment } from './config.ts';

/** All stacks of an environment, each by its part of the name. */
export const stackParts = [
  'edge',
  'network',
  'data',
  'identity',
  'checkpoints',
  'queues',
  'web',
  'api',
  'workers',
  'hosts',
] as const;
export type StackPart = (typeof stackParts)[number];

/** Name of a stack. CloudFormation begins the names of its roles with it, and the tenant roles' trust relies on that. */
export function stackName({ stage }: Pick<Environment, 'stage'>, part: StackPart): string {
  return `top-active-${stage}-${part}`;
}

import type { Environment } from './config.ts';

export type StackPart =
  | 'edge'
  | 'network'
  | 'data'
  | 'identity'
  | 'checkpoints'
  | 'queues'
  | 'web'
  | 'api'
  | 'workers'
  | 'hosts';

/** Name of a stack. CloudFormation begins the names of its roles with it, and the tenant roles' trust relies on that. */
export function stackName({ stage }: Pick<Environment, 'stage'>, part: StackPart): string {
  return `top-active-${stage}-${part}`;
}

import type { Environment } from './config.ts';

/** All stacks of an environment, each by its part of the name, in the order of their dependencies. */
const stackParts = [
  'alerts',
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
  'backup',
  'observability',
] as const;
export type StackPart = (typeof stackParts)[number];

/**
 * Name of a stack. CloudFormation begins the names of its roles with it, and the tenant roles' trust relies on that.
 */
export function stackName({ stage }: Pick<Environment, 'stage'>, part: StackPart): string {
  return `top-active-${stage}-${part}`;
}

/**
 * Name of the function that the user pool calls before each token. The pool has to name it before it is made: it knows
 * the pool's clients.
 */
export function tokenFunctionName({ stage }: Pick<Environment, 'stage'>): string {
  return `top-active-${stage}-token-scopes`;
}

/** Where CloudFront looks for certificates and firewalls, wherever the rest is. */
export const edgeRegion = 'us-east-1';

/** Whether there is anything for the stack `edge` to hold. */
export function needsEdge({ domain, firewall }: Pick<Environment, 'domain' | 'firewall'>): boolean {
  return domain !== undefined || firewall !== undefined;
}

/** The stacks that an environment has, and where. */
export function stackPlaces(environment: Environment): { part: StackPart; name: string; region: string }[] {
  return stackParts
    .filter((part) => part !== 'edge' || needsEdge(environment))
    .filter((part) => part !== 'backup' || environment.backup !== undefined)
    .map((part) => ({
      part,
      name: stackName(environment, part),
      region: part === 'edge' ? edgeRegion : environment.region,
    }));
}

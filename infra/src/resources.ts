import type { Environment } from './config.ts';
import type { DataStack } from './stacks/data-stack.ts';
import type { IdentityStack } from './stacks/identity-stack.ts';
import type { QueuesStack } from './stacks/queues-stack.ts';
import type { WebStack } from './stacks/web-stack.ts';

/** What functions and session hosts work with: the stacks that stand before theirs. */
export interface Resources {
  environment: Environment;
  data: DataStack;
  identity: IdentityStack;
  queues: QueuesStack;
  web: WebStack;
}

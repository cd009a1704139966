import { Annotations, Stack, type App } from 'aws-cdk-lib';
import { askForSettings, type Environment } from './config.ts';

/**
 * Lets the CDK write the templates of an environment with placeholders, and refuses to deploy any of its
 * stacks.
 */
export function refusePlaceholders(app: App, environment: Environment): void {
  const request = askForSettings(environment);
  if (!request) return;
  for (const stack of app.node.children.filter(Stack.isStack)) Annotations.of(stack).addError(request);
}

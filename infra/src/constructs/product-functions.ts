import type { Construct } from 'constructs';
import { functions, type FunctionDefinition, type FunctionName, type Trigger } from '@top-active/lambdas/functions';
import { grantFunction } from '../permissions/grant-function.ts';
import type { Resources } from '../resources.ts';
import { opensSecrets, variablesOf } from '../variables.ts';
import { ProductFunction } from './product-function.ts';

export interface MadeFunction {
  definition: FunctionDefinition;
  made: ProductFunction;
}

/** All functions of the product with triggers of these kinds, each with its variables and its permissions. */
export function makeFunctions(
  scope: Construct,
  { kinds, bundles, resources }: { kinds: readonly Trigger['kind'][]; bundles: string; resources: Resources },
): ReadonlyMap<FunctionName, MadeFunction> {
  return new Map(
    functions
      .filter(({ trigger }) => kinds.includes(trigger.kind))
      .map((definition) => {
        const made = new ProductFunction(scope, pascal(definition.name), {
          definition,
          environment: resources.environment,
          bundles,
          variables: variablesOf(resources, { opensSecrets: opensSecrets.has(definition.name) }),
        });
        grantFunction(definition, made.role, resources);
        return [definition.name, { definition, made }];
      }),
  );
}

/** Name of a function as a construct id. */
export function pascal(name: string): string {
  return name.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
}

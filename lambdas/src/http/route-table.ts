import { matchPath } from '@top-active/core/contracts';
import { functions, type FunctionName, type HttpRoute } from '../functions.ts';

export function routesOf(name: FunctionName): readonly HttpRoute[] {
  const trigger = functions.find((candidate) => candidate.name === name)?.trigger;
  if (trigger?.kind !== 'http') throw new Error(`${name} has no HTTP routes`);
  return trigger.routes;
}

/** Methods under which a path exists, in all functions together. Empty: the path doesn't exist. */
export function methodsOf(path: string): string[] {
  return functions
    .flatMap((definition) => (definition.trigger.kind === 'http' ? definition.trigger.routes : []))
    .filter((route) => route.method !== 'ANY' && matchPath(route.path, path))
    .map((route) => route.method);
}

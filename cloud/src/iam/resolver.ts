import { z } from 'zod';
import { localAccountId, localRegion } from '../wire/index.ts';
import { attributeOf, nameOf, type Binding } from './physical-resources.ts';
import { resourcesOf, type Resource, type Template } from './template.ts';

export interface Resolver {
  /** A value of a template with every intrinsic function replaced by what it stands for on this machine. */
  resolve(value: unknown, stack: string): unknown;
  /** Like `resolve`, for what must come out as text. @throws Error when it doesn't. */
  text(value: unknown, stack: string): string;
  /** The first resource that a value refers to, also across stacks. */
  referenced(value: unknown, stack: string): Resource | undefined;
  arnOf(resource: Resource): string;
  /** What `Ref` answers. */
  refOf(resource: Resource): string;
}

const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::AccountId': localAccountId,
  'AWS::Region': localRegion,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::NoValue': '',
};

export function keyOf({ stack, logicalId }: Pick<Resource, 'stack' | 'logicalId'>): string {
  return `${stack}/${logicalId}`;
}

/** @param bindings what a resource of the templates is called on this machine, by `keyOf`. */
export function createResolver(templates: readonly Template[], bindings: ReadonlyMap<string, Binding>): Resolver {
  const byStack = new Map(templates.map((template) => [template.stack, template]));
  const resources = new Map(resourcesOf(templates).map((resource) => [keyOf(resource), resource]));
  const exports = new Map(
    templates.flatMap(({ stack, Outputs }) =>
      Object.values(Outputs).flatMap(({ Value, Export }) =>
        typeof Export?.Name === 'string' ? [[Export.Name, { value: Value, stack }] as const] : [],
      ),
    ),
  );

  function find(stack: string, logicalId: string): Resource {
    const found = resources.get(keyOf({ stack, logicalId }));
    if (!found) throw new Error(`The template of ${stack} refers to ${logicalId}, which it does not have.`);
    return found;
  }

  function refOf(resource: Resource): string {
    return attributeOf({ resource, name: nameFor(resource), attribute: undefined, binding: bindingOf(resource) });
  }

  function attribute(resource: Resource, name: string): string {
    return attributeOf({ resource, name: nameFor(resource), attribute: name, binding: bindingOf(resource) });
  }

  function bindingOf(resource: Resource): Binding | undefined {
    return bindings.get(keyOf(resource));
  }

  function nameFor(resource: Resource): string {
    const named = nameOf(resource, (value) => resolve(value, resource.stack));
    return bindingOf(resource)?.name ?? named;
  }

  function reference(name: string, stack: string): string {
    if (name === 'AWS::StackName') return stack;
    const pseudo = pseudoParameters[name];
    if (pseudo !== undefined) return pseudo;
    const parameter = byStack.get(stack)?.Parameters[name];
    return parameter ? (parameter.Default ?? '') : refOf(find(stack, name));
  }

  function imported(name: unknown, stack: string): { value: unknown; stack: string } {
    const found = exports.get(text(name, stack));
    if (!found) throw new Error(`${stack} imports ${JSON.stringify(name)}, which no stack exports.`);
    return found;
  }

  function output(argument: unknown, stack: string): { value: unknown; stack: string } {
    const { StackName, OutputName } = recordOf(argument);
    const owner = text(StackName, stack);
    const found = byStack.get(owner)?.Outputs[text(OutputName, stack)];
    if (!found) throw new Error(`${stack} reads an output of ${owner} that it does not have.`);
    return { value: found.Value, stack: owner };
  }

  function call(name: string, argument: unknown, stack: string): unknown {
    switch (name) {
      case 'Ref':
        return reference(String(argument), stack);
      case 'Fn::GetAtt': {
        const { logicalId, attribute: wanted } = attributeReference(argument);
        return attribute(find(stack, logicalId), wanted);
      }
      case 'Fn::Join': {
        const [separator, parts] = pair(argument);
        return list(resolve(parts, stack)).join(String(separator));
      }
      case 'Fn::Sub':
        return substitute(argument, stack);
      case 'Fn::ImportValue': {
        const found = imported(argument, stack);
        return resolve(found.value, found.stack);
      }
      case 'Fn::GetStackOutput': {
        const found = output(argument, stack);
        return resolve(found.value, found.stack);
      }
      case 'Fn::Select': {
        const [index, parts] = pair(argument);
        return list(resolve(parts, stack))[Number(index)];
      }
      case 'Fn::Split': {
        const [separator, source] = pair(argument);
        return text(source, stack).split(String(separator));
      }
      case 'Fn::GetAZs':
        return [`${localRegion}a`, `${localRegion}b`];
      default:
        throw new Error(`The template of ${stack} uses ${name}, which the embedded cloud does not know.`);
    }
  }

  function substitute(argument: unknown, stack: string): string {
    const [pattern, variables] = Array.isArray(argument) ? pair(argument) : [argument, {}];
    return String(pattern).replace(/\$\{([^}]+)\}/g, (_, name: string) => {
      if (name.startsWith('!')) return `\${${name.slice(1)}}`;
      const given = recordOf(variables);
      if (name in given) return text(given[name], stack);
      const [logicalId = '', ...rest] = name.split('.');
      return rest.length > 0 ? attribute(find(stack, logicalId), rest.join('.')) : reference(name, stack);
    });
  }

  function resolve(value: unknown, stack: string): unknown {
    if (Array.isArray(value)) return value.map((item) => resolve(item, stack));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [first] = entries;
    if (entries.length === 1 && first && (first[0] === 'Ref' || first[0].startsWith('Fn::')))
      return call(first[0], first[1], stack);
    return Object.fromEntries(entries.map(([key, item]) => [key, resolve(item, stack)]));
  }

  function text(value: unknown, stack: string): string {
    const resolved = resolve(value, stack);
    if (typeof resolved === 'string') return resolved;
    throw new Error(`${JSON.stringify(value)} in the template of ${stack} is no text.`);
  }

  function referenced(value: unknown, stack: string): Resource | undefined {
    if (Array.isArray(value)) return firstOf(value, (item) => referenced(item, stack));
    if (typeof value !== 'object' || value === null) return undefined;
    return firstOf(Object.entries(value), ([key, argument]) => {
      if (key === 'Ref') return resources.get(keyOf({ stack, logicalId: String(argument) }));
      if (key === 'Fn::GetAtt') return find(stack, attributeReference(argument).logicalId);
      if (key === 'Fn::ImportValue' || key === 'Fn::GetStackOutput') {
        const found = key === 'Fn::ImportValue' ? imported(argument, stack) : output(argument, stack);
        return referenced(found.value, found.stack);
      }
      return referenced(argument, stack);
    });
  }

  return { resolve, text, referenced, refOf, arnOf: (resource) => attribute(resource, 'Arn') };
}

function firstOf<Item, Found>(items: readonly Item[], find: (item: Item) => Found | undefined): Found | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function attributeReference(argument: unknown): { logicalId: string; attribute: string } {
  const [logicalId, ...rest] = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
  return { logicalId: logicalId ?? '', attribute: rest.join('.') };
}

function recordOf(value: unknown): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).parse(value);
}

function pair(argument: unknown): [unknown, unknown] {
  const [first, second] = list(argument);
  return [first, second];
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

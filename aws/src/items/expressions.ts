import type { Condition, Write } from './item-store.ts';

/**
 * Parts of a request. Every attribute name and value is a placeholder, so nothing that is passed in can be an
 * expression.
 */
export interface Expressions {
  ConditionExpression?: string;
  UpdateExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, unknown>;
}

export function conditionOf(condition: Condition | undefined): Expressions {
  const placeholders = createPlaceholders();
  const expression = conditionExpression(condition, placeholders);
  return { ...(expression && { ConditionExpression: expression }), ...placeholders.attributes() };
}

export function updateOf(write: Extract<Write, { kind: 'update' }>): Expressions {
  const { name, value, attributes } = createPlaceholders();
  const set = Object.entries(write.set ?? {}).filter(([, to]) => to !== undefined);
  const add = Object.entries(write.add ?? {});
  const remove = write.remove ?? [];
  const clauses = [
    ...(set.length ? [`SET ${set.map(([key, to]) => `${name(key)} = ${value(to)}`).join(', ')}`] : []),
    ...(add.length ? [`ADD ${add.map(([key, by]) => `${name(key)} ${value(by)}`).join(', ')}`] : []),
    ...(remove.length ? [`REMOVE ${remove.map((key) => name(key)).join(', ')}`] : []),
  ];
  const condition = conditionExpression(write.condition, { name, value });
  return {
    ...(clauses.length && { UpdateExpression: clauses.join(' ') }),
    ...(condition && { ConditionExpression: condition }),
    ...attributes(),
  };
}

interface Placeholders {
  name: (attribute: string) => string;
  value: (value: unknown) => string;
}

function conditionExpression(condition: Condition | undefined, { name, value }: Placeholders): string | undefined {
  if (condition === undefined) return undefined;
  if (condition === 'absent') return `attribute_not_exists(${name('pk')})`;
  if (condition === 'present') return `attribute_exists(${name('pk')})`;
  return Object.entries(condition)
    .map(([key, expected]) => {
      const isAbsent = `attribute_not_exists(${name(key)})`;
      if (expected === undefined) return isAbsent;
      if (typeof expected === 'object') return `(${isAbsent} OR ${name(key)} <= ${value(expected.atMost)})`;
      return `${name(key)} = ${value(expected)}`;
    })
    .join(' AND ');
}

function createPlaceholders(): Placeholders & { attributes: () => Expressions } {
  const names = new Map<string, string>();
  const values = new Map<string, unknown>();
  return {
    name(attribute) {
      const placeholder = names.get(attribute) ?? `#${names.size}`;
      names.set(attribute, placeholder);
      return placeholder;
    },
    value(value) {
      const placeholder = `:${values.size}`;
      values.set(placeholder, value);
      return placeholder;
    },
    attributes: () => ({
      ...(names.size && {
        ExpressionAttributeNames: Object.fromEntries([...names].map(([key, placeholder]) => [placeholder, key])),
      }),
      ...(values.size && { ExpressionAttributeValues: Object.fromEntries(values) }),
    }),
  };
}

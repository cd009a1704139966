import type { DynamoDbInput } from './dynamodb-input.ts';

const keywords = new Set([
  'SET',
  'REMOVE',
  'ADD',
  'DELETE',
  'AND',
  'OR',
  'NOT',
  'IN',
  'BETWEEN',
  'attribute_exists',
  'attribute_not_exists',
  'attribute_type',
  'begins_with',
  'contains',
  'size',
  'if_not_exists',
  'list_append',
]);

/** Top-level attributes that a request's expressions name: `dynamodb:Attributes`. */
export function namedAttributes(input: DynamoDbInput): string[] {
  const expressions = [
    input.KeyConditionExpression,
    input.FilterExpression,
    input.ConditionExpression,
    input.UpdateExpression,
    input.ProjectionExpression,
  ];
  const legacy = [input.KeyConditions, input.AttributeUpdates, input.Expected, input.QueryFilter, input.ScanFilter];
  return [
    ...expressions.flatMap((expression) => namesIn(expression ?? '', input.ExpressionAttributeNames ?? {})),
    ...(input.AttributesToGet ?? []),
    ...legacy.flatMap((conditions) => Object.keys(conditions ?? {})),
  ];
}

/** The first step of every path; values (`:x`) and what follows a dot are no attributes. */
function namesIn(expression: string, names: Readonly<Record<string, string>>): string[] {
  return [...expression.matchAll(/(?<![.:#\w])[#\w]\w*/g)].flatMap(([word]) => {
    if (word.startsWith('#')) return [names[word] ?? word];
    return keywords.has(word) || keywords.has(word.toUpperCase()) || /^\d/.test(word) ? [] : [word];
  });
}

/**
 * The value that a Query fixes the partition key to, undefined where it fixes none. An expression that says anything
 * else about the key than one equality is one that DynamoDB refuses as well.
 */
export function partitionOfCondition(
  {
    KeyConditionExpression,
    KeyConditions,
    ExpressionAttributeNames = {},
    ExpressionAttributeValues = {},
  }: DynamoDbInput,
  partitionKey: string,
): Record<string, unknown> | undefined {
  if (partitionKey === '') return undefined;
  if (KeyConditionExpression === undefined) return KeyConditions?.[partitionKey]?.AttributeValueList[0];
  const equalities = [...KeyConditionExpression.matchAll(/([#\w]+)\s*=\s*(:\w+)|(:\w+)\s*=\s*([#\w]+)/g)];
  const values = equalities.flatMap(([, left, leftValue, rightValue, right]) => {
    const name = left ?? right ?? '';
    const value = leftValue ?? rightValue ?? '';
    return (ExpressionAttributeNames[name] ?? name) === partitionKey ? [ExpressionAttributeValues[value]] : [];
  });
  return values.length === 1 ? values[0] : undefined;
}

/**
 * A pattern of Lambda's event filtering: equality, prefix, anything-but, exists and $or.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 */
export type FilterPattern = Record<string, unknown>;

/** Whether a record fits at least one of the patterns; without patterns every record does. */
export function matchesAny(record: unknown, patterns: readonly FilterPattern[]): boolean {
  return patterns.length === 0 || patterns.some((pattern) => matches(record, pattern));
}

function matches(value: unknown, pattern: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.some((rule) => fits(value, rule));
  if (!isObject(pattern)) throw new Error('A filter pattern holds objects and arrays only.');
  if ('$or' in pattern) {
    const { $or: alternatives, ...rest } = pattern;
    return (alternatives as unknown[]).some((one) => matches(value, one)) && matches(value, rest);
  }
  return Object.entries(pattern).every(([key, inner]) => matches(isObject(value) ? value[key] : undefined, inner));
}

function fits(value: unknown, rule: unknown): boolean {
  if (!isObject(rule)) return value === rule || (Array.isArray(value) && value.includes(rule));
  const [operator, operand] = Object.entries(rule)[0] ?? [];
  switch (operator) {
    case 'prefix':
      return typeof value === 'string' && value.startsWith(String(operand));
    case 'exists':
      return (value !== undefined) === operand;
    case 'anything-but':
      return value !== undefined && !(Array.isArray(operand) ? operand : [operand]).includes(value);
    default:
      throw new Error(`The filter operator ${String(operator)} is not emulated.`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

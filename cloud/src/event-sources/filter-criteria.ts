/** Whether a record is delivered. */
export type RecordFilter = (record: unknown) => boolean;

type Test = (value: unknown) => boolean;

/**
 * Lambda's event filtering: a record passes if it fits one of the patterns; without patterns every record does. Of its
 * rules equality, prefix, anything-but, exists and $or are emulated.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 * @throws Error naming a rule that is not emulated.
 */
export function createFilter(patterns: readonly object[]): RecordFilter {
  const tests = patterns.map(readPattern);
  return (record) => tests.length === 0 || tests.some((test) => test(record));
}

function readPattern(pattern: unknown): Test {
  if (!isObject(pattern)) throw new Error(`A filter pattern is an object, not ${JSON.stringify(pattern)}.`);
  const tests = Object.entries(pattern).map(([key, inner]): Test => {
    if (key === '$or') return readAlternatives(inner);
    const test = Array.isArray(inner) ? readRules(inner) : readPattern(inner);
    return (value) => test(isObject(value) ? value[key] : undefined);
  });
  return (value) => tests.every((test) => test(value));
}

function readAlternatives(patterns: unknown): Test {
  if (!Array.isArray(patterns)) throw new Error('$or takes a list of patterns.');
  const tests = patterns.map(readPattern);
  return (value) => tests.some((test) => test(value));
}

function readRules(rules: readonly unknown[]): Test {
  const tests = rules.map(readRule);
  return (value) => tests.some((test) => test(value));
}

function readRule(rule: unknown): Test {
  if (!isObject(rule)) return (value) => value === rule || (Array.isArray(value) && value.includes(rule));
  const [[operator, operand] = ['nothing', undefined]] = Object.entries(rule);
  if (operator === 'exists' && typeof operand === 'boolean') return (value) => (value !== undefined) === operand;
  if (operator === 'prefix' && typeof operand === 'string')
    return (value) => typeof value === 'string' && value.startsWith(operand);
  if (operator === 'anything-but') {
    const excluded = readRules([operand].flat());
    return (value) => value !== undefined && !excluded(value);
  }
  throw new Error(`The filter rule ${JSON.stringify(rule)} is not emulated.`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

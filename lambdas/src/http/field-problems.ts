import type { FieldProblem } from '@top-active/core/contracts';
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** An answer is to stay small, whatever was sent: who mends these hears of the next. */
const mostProblems = 20;
const longestName = 100;

/**
 * What is wrong with each field and what to do, in plain English, of the first 20. `input` is what was validated.
 */
export function fieldProblems(issues: readonly Issue[], input: unknown): FieldProblem[] {
  return issues
    .slice(0, mostProblems)
    .flatMap((issue) => describe(issue, input))
    .slice(0, mostProblems);
}

function describe(issue: Issue, input: unknown): FieldProblem[] {
  const field = nameOf(issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.slice(0, mostProblems).map((key) => {
        const unknown = nameOf([...issue.path, key]);
        return { field: unknown, message: `${unknown} is not a known field`, remedy: `Leave ${unknown} out.` };
      });
    case 'invalid_type': {
      const wanted = typeName(issue.expected);
      if (valueAt(input, issue.path) === undefined)
        return [{ field, message: `${field} is missing`, remedy: `Send ${field} as ${wanted}.` }];
      return [{ field, message: `${field} is not ${wanted}`, remedy: `Send ${field} as ${wanted}.` }];
    }
    case 'too_small': {
      const least = `at least ${quantity(issue.minimum, issue.origin)}`;
      return [{ field, message: `${field} is too short or too small`, remedy: `Send ${field} with ${least}.` }];
    }
    case 'too_big': {
      const most = `at most ${quantity(issue.maximum, issue.origin)}`;
      return [{ field, message: `${field} is too long or too large`, remedy: `Send ${field} with ${most}.` }];
    }
    case 'invalid_value': {
      const values = issue.values.map((value) => JSON.stringify(value)).join(', ');
      return [
        { field, message: `${field} has a value that is not allowed`, remedy: `Send ${field} as one of ${values}.` },
      ];
    }
    case 'invalid_format':
      return [formatProblem(field, issue)];
    default:
      return [customProblem(field, issue.message)];
  }
}

const formatNames: Record<string, string> = {
  email: 'an e-mail address like ana@example.com',
  url: 'an absolute URL',
  uuid: 'a UUID',
  ulid: 'an id as this API gives it',
  datetime: 'a UTC instant like 2026-01-31T13:00:00.000Z',
};

/** Our own patterns say what the value does when it is right: "has six digits". */
function formatProblem(field: string, issue: Extract<Issue, { code: 'invalid_format' }>): FieldProblem {
  const message = `${field} has the wrong form`;
  const known = formatNames[issue.format];
  if (known) return { field, message, remedy: `Send ${field} as ${known}.` };
  if (/^(Invalid|is not) /.test(issue.message)) return customProblem(field, issue.message);
  return { field, message, remedy: `Send a ${field} that ${issue.message}.` };
}

/** Our own refinements say what is wrong: "is empty". */
function customProblem(field: string, message: string): FieldProblem {
  const plain = /^[a-z]/.test(message) ? message : 'is not valid';
  return { field, message: `${field} ${plain}`, remedy: `Correct ${field} and send the request again.` };
}

function nameOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'body';
  const name = path.map(String).join('.');
  return name.length > longestName ? `${name.slice(0, longestName)}…` : name;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

function typeName(expected: string): string {
  if (expected === 'int') return 'a whole number';
  return /^[aeiou]/.test(expected) ? `an ${expected}` : `a ${expected}`;
}

function quantity(count: number | bigint, origin: string): string {
  const unit = origin === 'string' ? ' character' : origin === 'array' ? ' item' : '';
  if (unit === '') return `the value ${count}`;
  return `${count}${unit}${count === 1 ? '' : 's'}`;
}

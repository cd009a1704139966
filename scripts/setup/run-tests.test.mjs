import { describe, expect, it } from 'vitest';
import { sumLine, sumOf } from './run-tests.mjs';

const file = (status = 'passed', tests = 1) => ({
  status,
  assertionResults: Array.from({ length: tests }, () => ({})),
});
const report = (changes = {}) => ({
  numPassedTests: 7,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [file(), file()],
  ...changes,
});

describe('the sum of a run', () => {
  it('is what vitest counted', () => {
    const sum = sumOf(report({ numFailedTests: 2, numPendingTests: 1, numTodoTests: 3 }), 1);
    expect(sum).toEqual({ passed: 7, failed: 2, skipped: 4 });
  });

  it('counts a file that cannot be loaded as a failure', () => {
    expect(sumOf(report({ testResults: [file(), file('failed', 0)] }), 1).failed).toBe(1);
    expect(sumOf(report({ numFailedTests: 1, testResults: [file('failed', 1), file('failed', 0)] }), 1).failed).toBe(2);
  });

  it('counts what fails outside of any test', () => {
    expect(sumOf(report(), 1).failed).toBe(1);
    expect(sumOf(report(), 0).failed).toBe(0);
  });

  it('is a failure when there is no report', () => {
    expect(sumOf(undefined, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('is written in one line', () => {
    expect(sumLine({ passed: 3570, failed: 0, skipped: 0 })).toBe('3570 passed, 0 failed');
    expect(sumLine({ passed: 1, failed: 2, skipped: 3 })).toBe('1 passed, 2 failed, 3 skipped');
  });
});

import type { Stack } from 'aws-cdk-lib';

/** Exports a value for other stacks. @returns the export's name */
export function exportName(stack: Stack, value: string): string {
  return String(Object.values(stack.resolve(stack.exportValue(value)))[0]);
}

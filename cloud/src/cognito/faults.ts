import type { Operation } from '../wire/operation.ts';
import { cognitoError } from './errors.ts';

export interface Fault {
  /** `InitiateAuth` */
  operation: string;
  /** `TooManyRequestsException`, … */
  code: string;
  message?: string | undefined;
  /** How many calls fail, retries of the SDK included; 1 by default. */
  times?: number | undefined;
}

/** Lets the next calls of an operation fail before they do anything. */
export function createFaults(operations: Record<string, Operation>) {
  const due: { operation: string; code: string; message: string; times: number }[] = [];

  function failing(name: string, operation: Operation): Operation {
    return async (payload, credentials) => {
      const index = due.findIndex((fault) => fault.operation === name);
      const fault = due[index];
      if (!fault) return operation(payload, credentials);
      fault.times -= 1;
      if (fault.times === 0) due.splice(index, 1);
      throw cognitoError(fault.code, fault.message);
    };
  }

  return {
    operations: Object.fromEntries(
      Object.entries(operations).map(([name, operation]) => [name, failing(name, operation)]),
    ),
    failNext({ operation, code, message = 'Fault injected', times = 1 }: Fault): void {
      if (!Object.hasOwn(operations, operation)) throw new Error(`No operation ${operation}`);
      due.push({ operation, code, message, times });
    },
  };
}

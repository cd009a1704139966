import { APIError } from 'openai';
import type { FunctionTool } from 'openai/resources/responses/responses';

/** Requests of this room's tests. */
export const instructions = 'It is 08:05 on Tuesday, 2026-11-24 in America/Sao_Paulo.';
export const model = 'gpt-6-luna';
export const finder: FunctionTool = {
  type: 'function',
  name: 'find_free_slots',
  strict: true,
  parameters: {
    type: 'object',
    properties: { from: { type: 'string' }, to: { type: 'string' }, duration_minutes: { type: ['integer', 'null'] } },
    required: ['from', 'to', 'duration_minutes'],
    additionalProperties: false,
  },
};

/** What the client threw. @throws {Error} when the call went through */
export async function failure(work: Promise<unknown>): Promise<APIError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof APIError) return error;
    throw error;
  }
  throw new Error('The call went through.');
}

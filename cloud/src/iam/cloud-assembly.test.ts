import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { asStartError } from './cloud-assembly.ts';

async function failureOf(script: string, timeout?: number): Promise<unknown> {
  try {
    await promisify(execFile)(process.execPath, ['-e', script], { timeout });
  } catch (error) {
    return error;
  }
  throw new Error('The process ended well.');
}

describe('a synthesis that fails', () => {
  it('tells the sentence that says why, of all that was written', async () => {
    const failure = await failureOf("throw new Error('keepData: is true for prod')");
    expect(asStartError(failure).message).toBe(
      'The policies of the deployment cannot be synthesized: keepData: is true for prod',
    );
  });

  it('tells that it took too long', async () => {
    const failure = await failureOf('setTimeout(() => {}, 60_000)', 50);
    expect(asStartError(failure)).toMatchObject({
      message: 'The policies of the deployment were not synthesized within 10 minutes.',
      remedy: 'Start again when the machine has less to do.',
    });
  });
});

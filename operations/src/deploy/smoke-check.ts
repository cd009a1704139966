import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { DeploymentError } from './deployment-error.ts';

const healthSchema = z.object({ status: z.literal('ok') });

export interface SmokeCheckOptions {
  address: string;
  /** What `/` must answer, when it is known. */
  page?: string;
  /** A new address takes minutes until everybody's DNS knows it. */
  patienceMs?: number;
  pauseMs?: number;
}

/**
 * Asks the app for its page and its API, again and again until both answer as they should.
 * @throws DeploymentError saying which of them did not, and what came instead
 */
export async function smokeCheck({
  address,
  page,
  patienceMs = 300_000,
  pauseMs = 5_000,
}: SmokeCheckOptions): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const problem = (await askApi(address)) ?? (await askPage(address, page));
    if (!problem) return;
    if (Date.now() + pauseMs > deadline)
      throw new DeploymentError(
        problem,
        'Everything is deployed. docs/deploy/README.md says what to look at (What to check).',
      );
    await sleep(pauseMs);
  }
}

async function askApi(address: string): Promise<string | undefined> {
  const url = `${address}/api/health`;
  const answer = await get(url);
  if (typeof answer === 'string') return answer;
  const text = answer.status === 200 ? await answer.text() : '';
  if (healthSchema.safeParse(parse(text)).success) return undefined;
  return `${url} answers ${answer.status} and does not report itself healthy.`;
}

async function askPage(address: string, page: string | undefined): Promise<string | undefined> {
  const answer = await get(`${address}/`);
  if (typeof answer === 'string') return answer;
  const text = await answer.text();
  if (answer.status !== 200) return `${address}/ answers ${answer.status}.`;
  return page === undefined || text === page ? undefined : `${address}/ does not serve the uploaded page yet.`;
}

/** @returns the answer, or why there was none */
async function get(url: string): Promise<Response | string> {
  try {
    return await fetch(url, { signal: AbortSignal.timeout(10_000) });
  } catch (error) {
    const { cause } = error instanceof Error ? error : {};
    return `${url} does not answer (${cause instanceof Error ? cause.message : String(error)}).`;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

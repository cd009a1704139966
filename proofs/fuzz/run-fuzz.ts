import * as fc from 'fast-check';
import { requestsOf, type FuzzRequest, type Paths } from './requests.ts';
import type { Answer } from './send.ts';

interface Finding {
  request: FuzzRequest;
  what: string;
  answer: string;
}

export interface FuzzOptions {
  paths: Paths;
  ids: readonly string[];
  /** Texts that are the neighbour's alone. */
  canaries: readonly string[];
  count: number;
  seed: number;
  /** Milliseconds after which no further request begins. */
  limitMs: number;
  parallel: number;
  ask(request: FuzzRequest): Promise<Answer>;
}

export interface FuzzResult {
  sent: number;
  statuses: Record<string, number>;
  findings: Finding[];
}

const chunk = 200;

/** Sends what a seed makes, and keeps what must not be: an answer above 499, none at all, or a neighbour's words. */
export async function runFuzz(options: FuzzOptions): Promise<FuzzResult> {
  const { paths, ids, count, seed, limitMs, parallel } = options;
  const arbitrary = requestsOf(paths, ids);
  const result: FuzzResult = { sent: 0, statuses: {}, findings: [] };
  const end = performance.now() + limitMs;
  for (let done = 0; done < count && performance.now() < end; done += chunk) {
    const waiting = fc.sample(arbitrary, { numRuns: Math.min(chunk, count - done), seed: seed + done });
    const work = async (): Promise<void> => {
      for (let next = waiting.pop(); next; next = waiting.pop()) note(result, next, await options.ask(next), options);
    };
    await Promise.all(Array.from({ length: parallel }, work));
  }
  return result;
}

function note(result: FuzzResult, request: FuzzRequest, { status, text }: Answer, { canaries }: FuzzOptions): void {
  result.sent += 1;
  result.statuses[status] = (result.statuses[status] ?? 0) + 1;
  const what = wrongWith(status, text, canaries);
  if (what) result.findings.push({ request, what, answer: text.slice(0, 400) });
}

function wrongWith(status: number, text: string, canaries: readonly string[]): string | undefined {
  if (canaries.some((canary) => text.includes(canary))) return 'shows the neighbour’s data';
  if (status === 0) return 'no answer';
  return status >= 500 ? `status ${status}` : undefined;
}

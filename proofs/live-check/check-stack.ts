import type { AppUser } from '@top-active/local/client';
import { readBuilds, type Stack } from '@top-active/local/stack';
import type { Guide } from './guide.ts';
import type { LiveReport } from './report.ts';
import { runLiveCheck } from './run-live-check.ts';

interface Options {
  stack: Stack;
  owner: AppUser;
  guide: Guide;
  versions: LiveReport['versions'];
  patienceMs: number;
  everyMs?: number | undefined;
}

/** All steps on a stack that runs, and what its session host has found of WhatsApp's page meanwhile. */
export async function checkStack({ stack, versions, ...options }: Options): Promise<LiveReport> {
  const steps = await runLiveCheck({ ...options, host: stack.sessionHost });
  return {
    at: new Date().toISOString(),
    against: stack.live ? 'whatsapp' : 'stand-in',
    versions,
    builds: await readBuilds(stack.cloud),
    steps,
  };
}

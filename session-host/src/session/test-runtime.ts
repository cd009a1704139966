import type { CommandOutcome, Log, WhatsAppRecord } from '@top-active/aws';
import { partOfTenant } from '@top-active/aws/test-support/part-of-tenant';
import { aCommandRecord, aWhatsAppRecord } from '@top-active/aws/test-support/records';
import { createPacing } from '../commands/pacing.ts';
import { createSharedUserHomes } from '../browser/homes/shared-user-homes.ts';
import { createTestPointer } from '../checkpoint/test-stores.ts';
import { limits } from './test-session.ts';
import { createBuildTroubles } from './build-troubles.ts';
import { createSelfTestPlan } from './self-test-plan.ts';
import { createStartGate } from './start-gate.ts';
import { createUserRuntime, type RuntimeDeps } from './user-runtime.ts';

const ignore = () => undefined;
const log: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const now = new Date().toISOString();

/**
 * Everything of one user on a host, over a user's items that are as told, with a message that is to be sent, and
 * without any browser.
 */
export async function createTestRuntime({
  record,
  checkpointDir,
  more = {},
}: {
  record: Pick<WhatsAppRecord, 'desired' | 'state'> & Partial<WhatsAppRecord>;
  checkpointDir: string;
  more?: Partial<RuntimeDeps>;
}) {
  const ended: CommandOutcome[] = [];
  const written: string[] = [];
  const started = { times: 0 };
  const command = aCommandRecord({ createdAt: now, updatedAt: now });
  const tenant = partOfTenant({
    userId: '6f1e6f0e-2f6b-4a53-9d2e-0d0f6a1f7c11',
    claim: async () => undefined,
    lost: new Promise<void>(ignore),
    checkpointPointer: createTestPointer(),
    whatsapp: {
      get: async () => aWhatsAppRecord({ since: now, ...record }),
      async update(_generation, { state, failure }) {
        written.push(failure ?? state ?? '');
        return true;
      },
    },
    commands: {
      open: async () => (ended.length > 0 ? [] : [command]),
      claim: async () => command,
      async finish(_id, outcome) {
        ended.push(outcome);
        return true;
      },
    },
  });
  const runtime = await createUserRuntime(tenant, {
    engine: {
      start() {
        started.times++;
        throw new Error('There is no browser here');
      },
    },
    homes: createSharedUserHomes({ scratchDir: `${checkpointDir}/scratch`, setprivPath: '' }),
    troubles: createBuildTroubles(log),
    selfTests: createSelfTestPlan(undefined),
    gate: createStartGate({ width: 1, jitterMs: 0 }),
    pageBuilds: { note: () => Promise.resolve() },
    pacing: createPacing({ msPerCharacter: 0, minMs: 0, maxMs: 0 }),
    checkpointDir,
    chromiumVersion: '156.0.1.1',
    limits,
    hostId: 'test',
    epoch: 1,
    sendPatienceMs: 60_000,
    commandRetryMs: 1_000,
    log,
    signal: new AbortController().signal,
    hasRoom: () => true,
    ...more,
  });
  return { runtime, ended, written, started };
}

import type { CommandOutcome, CommandRecord, Log, Tenant, WhatsAppRecord } from '@top-active/aws';
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
  const command: CommandRecord = {
    id: '01J00000000000000000000000',
    command: { kind: 'chat.seen', chatId: '01J00000000000000000000001' },
    state: 'PENDING',
    createdAt: now,
    updatedAt: now,
    attempts: 0,
  };
  const parts = {
    userId: '6f1e6f0e-2f6b-4a53-9d2e-0d0f6a1f7c11',
    claim: async () => undefined,
    lost: new Promise<void>(ignore),
    checkpointPointer: createTestPointer(),
    whatsapp: {
      get: async () => ({ since: now, generation: 1, simulated: true, ...record }),
      async update(_generation: number, { state, failure }: WhatsAppRecord) {
        written.push(failure ?? state);
        return true;
      },
    },
    commands: {
      open: async () => (ended.length > 0 ? [] : [command]),
      claim: async () => command,
      finish: async (_id: string, outcome: CommandOutcome) => ended.push(outcome),
    },
  };
  // oxlint-disable-next-line no-unsafe-type-assertion -- What isn't there is asked for nothing.
  const runtime = await createUserRuntime(parts as unknown as Tenant, {
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

import { createKnownBuilds } from '@top-active/aws';
import { egressArgs } from '../browser/egress/egress-args.ts';
import type { EgressProxy } from '../browser/egress/egress-proxy.ts';
import type { MemoryWatch } from '../capacity/memory-watch.ts';
import { createPacing } from '../commands/pacing.ts';
import { createWhatsAppWebEngine } from '../engine/whatsapp-web/create-engine.ts';
import { createPageBuilds } from '../health/page-builds.ts';
import type { Placement } from '../placement/placement.ts';
import { createBuildTroubles } from '../session/build-troubles.ts';
import { createSelfTestPlan } from '../session/self-test-plan.ts';
import { createStartGate } from '../session/start-gate.ts';
import { createUserRuntimes, type UserRuntimes } from '../session/user-runtimes.ts';
import type { HostBase } from './host-parts.ts';

/** The users of a host, with all that they share. */
export function createRuntimes(
  { config, clients, tenants, homes, log, hurrying }: HostBase,
  {
    placement,
    memory,
    egress,
    chromiumVersion,
    hostId,
  }: {
    placement: Placement;
    memory: MemoryWatch;
    egress: EgressProxy | undefined;
    chromiumVersion: string;
    hostId: string;
  },
): UserRuntimes {
  const extraArgs = [...config.browser.extraArgs, ...(egress ? egressArgs(egress) : [])];
  return createUserRuntimes({
    tenants,
    serves: (userId) => placement.owns(userId),
    admits: (running, session) => memory.admit(running, session) === 'yes',
    deps: {
      engine: createWhatsAppWebEngine({ browser: { ...config.browser, chromiumVersion, extraArgs } }),
      homes,
      chromiumVersion,
      log,
      pageBuilds: createPageBuilds({
        known: createKnownBuilds(clients, { table: config.aws.PLACEMENTS_TABLE }),
        log,
      }),
      troubles: createBuildTroubles(log),
      selfTests: createSelfTestPlan(config.canaryUser),
      gate: createStartGate({ width: config.startsAtOnce, jitterMs: config.startJitterMs }),
      pacing: createPacing(config.pacing),
      checkpointDir: config.checkpointDir,
      limits: config.limits,
      hostId,
      epochOf: (userId) => placement.epochOf(userId),
      sendPatienceMs: config.sendPatienceMs,
      commandRetryMs: config.commandRetryMs,
      signal: hurrying.signal,
    },
  });
}

import type { UserId } from '@top-active/core/contracts';
import type { CapacityLimits } from './capacity/tend-sessions.ts';
import type { PacingConfig } from './commands/pacing.ts';
import type { Env } from './read-env.ts';
import type { SessionLimits } from './session/browser-run-deps.ts';

export interface SessionHostConfig {
  /** Of what runs here, for people who look at the leases. */
  version: string;
  aws: Pick<
    Env,
    | 'ITEMS_TABLE'
    | 'KEYS_TABLE'
    | 'KMS_KEY_ID'
    | 'SIMULATED'
    | 'PLACEMENTS_TABLE'
    | 'LEASES_TABLE'
    | 'HOST_ACCESS_ENDPOINT'
    | 'WAKE_QUEUE_URL_TEMPLATE'
    | 'REALTIME_ENDPOINT'
  >;
  shards: number;
  scratchDir: string;
  checkpointDir: string;
  browser: { chromiumPath: string; extraArgs: readonly string[] };
  /** Hosts that pages may reach; undefined is any. */
  egressHosts: readonly string[] | undefined;
  /** Absent: browsers run under the host's own user. */
  browserUsersDir: string | undefined;
  setprivPath: string;
  maxSessions: number;
  /** Whose account a host tests itself with. */
  canaryUser: UserId | undefined;
  capacity: CapacityLimits;
  health: { port: number; address: string };
  /** For an orderly stop; what isn't done then is killed. */
  stopTimeoutMs: number;
  pacing: PacingConfig;
  limits: SessionLimits;
  sendPatienceMs: number;
  /** Until a command is tried again that failed for what may pass. */
  commandRetryMs: number;
  startsAtOnce: number;
  startJitterMs: number;
  /** Commands are looked for even when no wake came. */
  sweepMs: number;
  /**
   * At first more often: wakes that a former host took before it died are invisible until its time for them is up, and
   * with them all later ones of the same users.
   */
  earlySweepMs: number;
  earlyForMs: number;
  /** Between two reports of the host's figures. */
  reportMs: number;
}

const mib = 2 ** 20;

export function envToConfig(env: Env): SessionHostConfig {
  return {
    version: env.HOST_VERSION,
    aws: env,
    shards: env.SHARDS,
    scratchDir: env.SCRATCH_DIR.replace(/\/+$/, ''),
    checkpointDir: env.CHECKPOINT_DIR,
    browser: { chromiumPath: env.CHROMIUM_PATH, extraArgs: env.BROWSER_ARGS },
    egressHosts: env.BROWSER_EGRESS === 'any' ? undefined : env.BROWSER_EGRESS.split(','),
    browserUsersDir: env.BROWSER_USERS_DIR,
    setprivPath: env.SETPRIV_PATH,
    maxSessions: env.MAX_SESSIONS,
    canaryUser: env.CANARY_USER,
    capacity: {
      everyMs: env.CAPACITY_CHECK_SECONDS * 1_000,
      sessionMemoryBytes: env.SESSION_MEMORY_MIB * mib,
      hostMemoryBytes: env.HOST_MEMORY_MIB === undefined ? undefined : env.HOST_MEMORY_MIB * mib,
      settledAfterMs: 10 * env.CAPACITY_CHECK_SECONDS * 1_000,
      recycleAfterMs: env.RECYCLE_AFTER_HOURS * 3_600_000,
      idleAfterMs: env.IDLE_AFTER_DAYS === 0 ? undefined : env.IDLE_AFTER_DAYS * 24 * 3_600_000,
    },
    health: { port: env.HEALTH_PORT, address: env.HEALTH_ADDRESS },
    stopTimeoutMs: env.STOP_TIMEOUT_SECONDS * 1_000,
    pacing: {
      msPerCharacter: env.TYPING_MS_PER_CHARACTER,
      minMs: env.TYPING_MIN_MS,
      maxMs: env.TYPING_MAX_MS,
    },
    limits: {
      checkpointIntervalMs: env.CHECKPOINT_INTERVAL_MS,
      noteCheckpointIntervalMs: 60_000,
      firstQrMs: 60_000,
      nextQrMs: 20_000,
      pairingCodeMs: env.PAIRING_CODE_SECONDS * 1_000,
      linkingMs: 5 * 60_000,
      passkeyAnswerMs: 90_000,
      stableAfterMs: 60_000,
      catchUpRetryMs: 5_000,
      comeUpToUnlinkMs: 60_000,
      afterFaultMs: 5 * 60_000,
      restartSilentMs: 3_600_000,
    },
    sendPatienceMs: 10 * 60_000,
    commandRetryMs: 5_000,
    startsAtOnce: 4,
    startJitterMs: 250,
    sweepMs: 60_000,
    earlySweepMs: 2_000,
    earlyForMs: 150_000,
    reportMs: 60_000,
  };
}

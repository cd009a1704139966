import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '@top-active/aws';
import type { BrowserHomes } from '../browser/homes/browser-home.ts';
import { createSharedUserHomes } from '../browser/homes/shared-user-homes.ts';
import { createCheckpointStore, type CheckpointStore } from '../checkpoint/checkpoint-store.ts';
import { makeDatabase } from '../checkpoint/leveldb/test-database.ts';
import { databaseFolder } from '../checkpoint/session-files.ts';
import { createTestBox, createTestPointer } from '../checkpoint/test-stores.ts';
import type { Account, EngineEvent, EngineSession, StartOptions } from '../engine/engine.ts';
import type { Inbound } from '../inbound/inbound.ts';
import type { LinkStatus } from '../link/link-machine.ts';
import type { SessionLimits } from './browser-run-deps.ts';
import { createBuildTroubles } from './build-troubles.ts';
import { createStartGate } from './start-gate.ts';
import { createUserSession } from './user-session.ts';

const account: Account = { phone: '5511999990000', name: 'Clínica Aurora', platform: 'android' };

/** One browser as the tests see it. */
interface StartedBrowser {
  /** What its Local Storage was restored with; undefined: its profile was empty. */
  restored: string | undefined;
  tell: (event: EngineEvent) => void;
  /** Becomes ready with a session of this name, which checkpoints keep. */
  link: (name: string) => void;
  loggedOut: boolean;
}

type Behaviour = (browser: StartedBrowser) => void;

export const showCode: Behaviour = ({ tell }) => tell({ type: 'qr', code: '2@code' });

export const startsAtOnce = 4;

export const limits: SessionLimits = {
  checkpointIntervalMs: 1,
  noteCheckpointIntervalMs: 60_000,
  firstQrMs: 60_000,
  nextQrMs: 20_000,
  pairingCodeMs: 180_000,
  linkingMs: 60_000,
  passkeyAnswerMs: 60_000,
  stableAfterMs: 60_000,
  catchUpRetryMs: 60_000,
  comeUpToUnlinkMs: 2_000,
  afterFaultMs: 60_000,
  restartSilentMs: 3_600_000,
};

const ignore = () => undefined;
const unused = () => Promise.reject(new Error('Nobody asks for it here'));

/** Nothing comes in. */
const silence: Inbound = {
  handle: ignore,
  beginLink: ignore,
  catchUp: () => Promise.resolve(),
  inChatOrder: (_peer, task) => task(),
  store: () => Promise.resolve(undefined),
  describe: () => Promise.reject(new Error('Nobody is known')),
  pause: ignore,
  caughtUpAt: ignore,
  drain: () => Promise.resolve(),
};

/**
 * A user's session over real checkpoints and homes, with browsers that behave as told. `behave` is asked for each
 * browser's behaviour with its number, from 0.
 */
export async function createTestSession({
  behave,
  refineHomes = (homes) => homes,
  refineCheckpoints = (store) => store,
  more = {},
}: {
  behave: (number: number) => Behaviour;
  refineHomes?: (homes: BrowserHomes) => BrowserHomes;
  refineCheckpoints?: (store: CheckpointStore) => CheckpointStore;
  more?: Partial<SessionLimits>;
}) {
  const dir = await mkdtemp(join(tmpdir(), 'user-session-'));
  const errors: string[] = [];
  const log: Log = { debug: ignore, info: ignore, warn: ignore, error: (message) => errors.push(message) };
  const browsers: StartedBrowser[] = [];
  const statuses: LinkStatus[] = [];
  const secrets = createTestBox(createSecretKey(randomBytes(32)));
  const pointer = createTestPointer();
  const userId = randomUUID();
  const gate = createStartGate({ width: startsAtOnce, jitterMs: 0 });
  let ended = 0;

  function startBrowser({ home, localStorage, onEvent }: StartOptions): EngineSession {
    let name = localStorage?.me;
    let isReady = false;
    const browser: StartedBrowser = {
      restored: name,
      tell: onEvent,
      loggedOut: false,
      link(as) {
        name = as;
        isReady = true;
        const folder = join(home.profileDir, databaseFolder);
        mkdirSync(folder, { recursive: true });
        for (const [file, content] of makeDatabase({ batches: 1 })) writeFileSync(join(folder, file), content);
        onEvent({ type: 'ready', account });
      },
    };
    const behaviour = behave(browsers.length);
    browsers.push(browser);
    setImmediate(() => behaviour(browser));
    return {
      pid: undefined,
      sendText: unused,
      showTyping: unused,
      markSeen: unused,
      describePeer: unused,
      listChats: unused,
      fetchSince: unused,
      noteStored: ignore,
      requestPairingCode: unused,
      refreshQr: unused,
      answerPasskey: unused,
      compareCode: unused,
      readLocalStorage: () => Promise.resolve(name === undefined ? {} : { me: name }),
      logout: () => {
        browser.loggedOut = isReady;
        return Promise.resolve(isReady);
      },
      stop: () => Promise.resolve(),
    };
  }

  /** The session on a host with this browser, under a later term than the ones made before. */
  function onHost(epoch: number, chromiumVersion = '156.0.1.1') {
    const checkpoints = refineCheckpoints(
      createCheckpointStore({ folder: dir, userId, epoch, secrets, pointer, chromiumVersion, log }),
    );
    const session = createUserSession({
      whatsapp: {
        update: (_generation, status) => {
          statuses.push(status);
          return Promise.resolve(true);
        },
        noteCheckpoint: () => Promise.resolve(true),
      },
      inbound: silence,
      limits: { ...limits, ...more },
      log,
      signal: new AbortController().signal,
      engine: { start: startBrowser },
      homes: refineHomes(createSharedUserHomes({ scratchDir: join(dir, 'scratch'), setprivPath: '' })),
      gate,
      pageBuilds: { note: () => Promise.resolve() },
      troubles: createBuildTroubles(log),
      selfTest: undefined,
      chromiumVersion,
      checkpoints,
      onReady: ignore,
      onEnded: () => ended++,
    });
    return { session, checkpoints };
  }

  return {
    onHost,
    browsers,
    statuses,
    errors,
    gate,
    get ended() {
      return ended;
    },
    close: () => rm(dir, { recursive: true, force: true }),
  };
}

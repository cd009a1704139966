import type { Log } from '@top-active/aws';
import type { BrowserHomes } from '../browser/homes/browser-home.ts';
import type { CheckpointStore } from '../checkpoint/checkpoint-store.ts';
import type { Engine, EngineEvent, EngineSession } from '../engine/engine.ts';
import type { Inbound } from '../inbound/inbound.ts';
import type { LinkEvent, LinkFailure } from '../link/link-machine.ts';
import type { PairingByCode } from './pairing-by-code.ts';
import type { PageBuilds } from '../health/page-builds.ts';
import type { SelfTest } from './self-test.ts';
import type { StartGate } from './start-gate.ts';
import type { ReceptionWatch } from './watch-reception.ts';

export interface SessionLimits {
  checkpointIntervalMs: number;
  noteCheckpointIntervalMs: number;
  /**
   * WhatsApp shows its first QR code longer than the following ones. It doesn't tell how long: these are what it has
   * been seen to do.
   */
  firstQrMs: number;
  nextQrMs: number;
  /**
   * A code that is typed on the phone is good for so long. WhatsApp's own page shows it for three minutes and a
   * quarter.
   */
  pairingCodeMs: number;
  /** Codes are shown for so long at most, since a browser runs meanwhile. */
  linkingMs: number;
  /** After the owner's passkey WhatsApp goes on within so long, or it has taken offence at it. */
  passkeyAnswerMs: number;
  /** Ready for so long: earlier deaths are forgiven. */
  stableAfterMs: number;
  catchUpRetryMs: number;
  /** For a session that only comes up to be unlinked at the phone. */
  comeUpToUnlinkMs: number;
  /** A session that ended by a fault of the host is tried again after so long. */
  afterFaultMs: number;
  /** A page that gives no sign of messages is begun anew at most once in so long. */
  restartSilentMs: number;
}

export interface Stop {
  type: 'stop';
  /** To be taken up again · unlinked at the phone · left to another host or attempt. */
  how: 'suspend' | 'unlink' | 'abandon';
}

export type Outcome =
  | Extract<EngineEvent, { type: 'died' | 'logged-out' | 'qr-idle' }>
  /** There was no browser to be had. */
  | { type: 'died'; cause: 'host_fault'; detail: string }
  /** WhatsApp wants a QR code for a session that was linked. */
  | { type: 'unlinked-meanwhile' }
  /** The attempt to link came to nothing, and another one like it would too. */
  | { type: 'gave-up'; failure: LinkFailure }
  | Stop;

export interface BrowserRunDeps {
  engine: Engine;
  inbound: Inbound;
  checkpoints: CheckpointStore;
  homes: BrowserHomes;
  gate: StartGate;
  pageBuilds: PageBuilds;
  limits: SessionLimits;
  chromiumVersion: string;
  log: Log;
  pairing: PairingByCode;
  reception: ReceptionWatch;
  /** Only of the account with which the host tests itself. */
  selfTest: SelfTest | undefined;
  apply: (event: LinkEvent) => void;
  onSaved: (takenAt: Date) => void;
  /** Whether the session can be used, whenever that changes. */
  onUse: (use: { session: EngineSession | undefined; isReady: boolean }) => void;
}

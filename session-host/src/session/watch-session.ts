import { metrics } from '@top-active/aws';
import type { Checkpointer } from '../checkpoint/checkpointer.ts';
import type { Account, EngineEvent, EngineSession } from '../engine/engine.ts';
import type { LinkFailure } from '../link/link-machine.ts';
import type { BrowserRunDeps, Outcome } from './browser-run.ts';

type ConfirmationEvent = Extract<
  EngineEvent,
  { type: 'passkey' | 'passkey-ended' | 'passkey-answered' | 'comparison-code' | 'code-compared' }
>;

/** With the pauses between them about an hour. */
const mostCatchUpTries = 15;
const longestCatchUpPauseMs = 5 * 60_000;

/** Turns what the engine tells of one session into link states, stored messages and checkpoints. */
export function watchSession({
  deps,
  isRestored,
  end,
  passGate,
}: {
  deps: BrowserRunDeps;
  /** From a checkpoint: a code isn't shown to anybody, since another link begins in an empty profile. */
  isRestored: boolean;
  end: (outcome: Outcome) => void;
  passGate: () => void;
}) {
  const { inbound, limits, log, pairing, reception, selfTest, apply, onUse } = deps;
  const begun = performance.now();
  /** A code is what is wanted. */
  let isLinking = !isRestored;
  let session: EngineSession | undefined;
  let checkpointer: Checkpointer | undefined;
  let codes = 0;
  let linking: NodeJS.Timeout | undefined;
  let confirming: NodeJS.Timeout | undefined;
  /** What it means if WhatsApp shows codes anew: it hasn't liked the owner's passkey, or the phone not the code. */
  let setback: LinkFailure | undefined;
  let catchUpTimer: NodeJS.Timeout | undefined;
  let catchUpFailures = 0;
  let readySince: number | undefined;
  let isReady = false;
  let account: Account | undefined;
  let told = false;
  /** The profile holds a session that the phone knows. */
  let linked = false;
  let closed = false;
  const endReception = reception.begin();
  // WhatsApp changes its state without telling of messages too.
  const regularly = setInterval(() => {
    if (isReady) checkpointer?.request();
  }, limits.noteCheckpointIntervalMs);

  /** Which process is whose: for people, and for whoever counts browsers. */
  function tellProcess(): void {
    if (told || session?.pid === undefined) return;
    told = true;
    log.info('A browser runs', { pid: session.pid });
  }

  function handle(event: EngineEvent): void {
    tellProcess();
    selfTest?.hear(event);
    switch (event.type) {
      case 'qr':
        passGate();
        codes++;
        if (setback) end({ type: 'gave-up', failure: setback });
        else if (isLinking) showCode(event.code);
        else end({ type: 'unlinked-meanwhile' });
        break;
      case 'passkey':
      case 'passkey-ended':
      case 'passkey-answered':
      case 'comparison-code':
      case 'code-compared':
        confirm(event);
        break;
      case 'scanned':
        pairing.done();
        linked = true;
        clearTimeout(linking);
        apply(event);
        break;
      case 'progress':
        linked = true;
        stopWaiting();
        apply(event);
        break;
      case 'ready':
        becomeReady(event.account);
        break;
      case 'battery': {
        const { percent, plugged } = event;
        apply({ type: 'battery', battery: { percent, plugged, at: new Date().toISOString() } });
        break;
      }
      case 'disconnected':
        log.info('Connection lost', { reason: event.reason });
        setReady(false);
        apply({ type: 'interrupted' });
        break;
      case 'message':
      case 'delivery':
      case 'edit':
      case 'revoke':
      case 'reaction':
      case 'poll':
      case 'unread':
        if (event.type === 'delivery' && event.failure !== undefined) metrics.emit('SendsRefused');
        if (session) inbound.handle(event, session);
        checkpointer?.request();
        break;
      case 'unreadable':
        log.warn('A message of WhatsApp could not be read', { why: event.why });
        break;
      case 'missed':
        reception.onMissed(event);
        break;
      case 'page-silent':
        if (reception.mayRestart())
          end({ type: 'died', cause: 'page_silent', detail: 'The page gives no sign of messages' });
        break;
      case 'capabilities':
        void deps.pageBuilds.note(event.report);
        apply({ type: 'health', found: event, at: new Date().toISOString() });
        reception.onBuild(event.report.build);
        if (session && account && isReady) selfTest?.onBuild(event.report.build, { engine: session, account });
        break;
      case 'reception':
        reception.onReception(event.state);
        break;
      case 'restrictions':
        apply({ type: 'health', found: event, at: new Date().toISOString() });
        break;
      case 'qr-idle':
        // A code that is typed on the phone outlives the QR codes.
        if (!pairing.isWanted) end(event);
        break;
      case 'logged-out':
      case 'died':
        end(event);
        break;
      default:
        event satisfies never;
    }
  }

  /** The steps that WhatsApp puts between code and link. */
  function confirm(event: ConfirmationEvent): void {
    stopWaiting();
    switch (event.type) {
      case 'passkey':
        pairing.done();
        linked = false;
        apply(event);
        break;
      case 'passkey-ended':
        if (event.why === 'expired') return end({ type: 'gave-up', failure: 'passkey_expired' });
        linking = setTimeout(() => end({ type: 'qr-idle' }), limits.linkingMs);
        apply({ type: 'passkey-withdrawn' });
        break;
      case 'passkey-answered':
        if (event.outcome === 'refused') return end({ type: 'gave-up', failure: 'passkey_refused' });
        setback = 'passkey_rejected';
        giveUpAfter(limits.passkeyAnswerMs, 'passkey_rejected');
        break;
      case 'comparison-code':
        setback = 'code_mismatch';
        giveUpAfter(limits.linkingMs, 'passkey_expired');
        apply(event);
        break;
      case 'code-compared':
        if (!event.matches) return end({ type: 'gave-up', failure: 'code_mismatch' });
        // Until it goes on the phone may still say no.
        setback = 'code_mismatch';
        giveUpAfter(limits.passkeyAnswerMs, 'passkey_rejected');
        break;
      default:
        event satisfies never;
    }
    return undefined;
  }

  function giveUpAfter(ms: number, failure: LinkFailure): void {
    confirming = setTimeout(() => end({ type: 'gave-up', failure }), ms);
  }

  function stopWaiting(): void {
    clearTimeout(linking);
    clearTimeout(confirming);
    setback = undefined;
  }

  function keepLinking(): void {
    clearTimeout(linking);
    linking = setTimeout(() => end({ type: 'qr-idle' }), limits.linkingMs);
  }

  function showCode(code: string): void {
    if (codes === 1) keepLinking();
    if (session && pairing.offer(session, keepLinking)) return;
    const lifetime = codes === 1 ? limits.firstQrMs : limits.nextQrMs;
    apply({ type: 'qr', code, expiresAt: new Date(Date.now() + lifetime).toISOString() });
  }

  function becomeReady(told: Account): void {
    account = told;
    passGate();
    stopWaiting();
    linked = true;
    if (isRestored && readySince === undefined) metrics.emit('SessionStartTime', performance.now() - begun);
    if (!isRestored && readySince === undefined) inbound.beginLink();
    readySince ??= performance.now();
    // From now on a code would mean that the phone has unlinked the device.
    isLinking = false;
    catchUpFailures = 0;
    // First, so that what is missing has its place before what comes now.
    catchUp();
    apply({ type: 'ready', account: told, at: new Date().toISOString() });
    checkpointer?.request();
    setReady(true);
  }

  function setReady(ready: boolean): void {
    if (isReady && !ready) inbound.pause();
    isReady = ready;
    if (!closed) onUse({ session, isReady });
  }

  function catchUp(): void {
    clearTimeout(catchUpTimer);
    if (!session || closed) return;
    inbound.catchUp(session).then(caughtUp).catch(tryAgain);
  }

  function caughtUp(): void {
    catchUpFailures = 0;
    checkpointer?.request();
  }

  /** It isn't even known which chats there are. */
  function tryAgain(error: unknown): void {
    catchUpFailures++;
    clearTimeout(catchUpTimer);
    if (catchUpFailures > mostCatchUpTries) {
      log.error('ALARM: what came meanwhile was not fetched, and is not tried again before the next ready', {}, error);
      metrics.emit('CatchUpFailures');
      return;
    }
    log.warn('Catching up failed, tried again', { failures: catchUpFailures }, error);
    const pause = Math.min(longestCatchUpPauseMs, limits.catchUpRetryMs * 2 ** (catchUpFailures - 1));
    if (!closed && isReady) catchUpTimer = setTimeout(catchUp, pause);
  }

  return {
    handle,
    attach(ofSession: EngineSession, ofCheckpointer: Checkpointer) {
      session = ofSession;
      checkpointer = ofCheckpointer;
      onUse({ session, isReady });
    },
    /** A restored session goes on before it says so: its profile may hold what came meanwhile, and nobody else has. */
    isWorthSaving: () => (isRestored ? codes === 0 : linked),
    wasStable: () => readySince !== undefined && performance.now() - readySince > limits.stableAfterMs,
    close() {
      closed = true;
      endReception();
      pairing.detach();
      selfTest?.cancel();
      setReady(false);
      stopWaiting();
      clearTimeout(catchUpTimer);
      clearInterval(regularly);
    },
  };
}

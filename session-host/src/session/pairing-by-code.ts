import type { Log } from '@top-active/aws';
import { PairingRefusal, type EngineSession } from '../engine/engine.ts';
import type { LinkEvent } from '../link/link-machine.ts';

/**
 * More codes in one attempt are refused here: WhatsApp notifies the phone of each, and blocks who asks too often for
 * days.
 */
const mostCodes = 6;

/**
 * Links by a code that is typed on the phone, for as long as the owner wants that instead of the QR code. Outlives the
 * browsers of an attempt.
 */
export interface PairingByCode {
  readonly isWanted: boolean;
  /** Asks for a code for this number, now or once WhatsApp waits to be linked. */
  want(phone: string): void;
  /** Back to the QR code. */
  leave(): void;
  /**
   * WhatsApp shows a QR code, and so waits to be linked. True when it isn't to be shown.
   * @param onAsked called whenever a code is asked for: somebody is there.
   */
  offer(session: EngineSession, onAsked: () => void): boolean;
  /** The browser ends. */
  detach(): void;
  /** The phone has acted: whatever WhatsApp shows from now on is for somebody who scans. */
  done(): void;
  /** A new attempt begins. */
  reset(): void;
}

export function createPairingByCode({
  apply,
  codeMs,
  log,
}: {
  apply: (event: LinkEvent) => void;
  /** How long a code is good for. */
  codeMs: number;
  log: Log;
}): PairingByCode {
  let phone: string | undefined;
  let waiting: { session: EngineSession; onAsked: () => void } | undefined;
  /** Counts what was wanted: an answer to an earlier wish comes too late. */
  let wish = 0;
  let codes = 0;

  async function ask(wanted: string): Promise<void> {
    if (!waiting) return;
    const mine = wish;
    const { session, onAsked } = waiting;
    onAsked();
    try {
      if (codes >= mostCodes) throw new PairingRefusal('too_many', 'Too many codes in one attempt');
      codes += 1;
      const code = await session.requestPairingCode(wanted);
      if (mine !== wish) return;
      const expiresAt = new Date(Date.now() + codeMs).toISOString();
      apply({ type: 'pairing', pairing: { phone: wanted, code, expiresAt } });
    } catch (error) {
      if (mine !== wish) return;
      const failure = error instanceof PairingRefusal ? error.reason : 'unavailable';
      log.warn('WhatsApp gave no code to type', { failure }, error);
      apply({ type: 'pairing', pairing: { phone: wanted, failure } });
    }
  }

  function done(): void {
    phone = undefined;
    wish += 1;
  }

  return {
    get isWanted() {
      return phone !== undefined;
    },
    want(wanted) {
      phone = wanted;
      wish += 1;
      apply({ type: 'pairing', pairing: { phone } });
      void ask(wanted);
    },
    leave() {
      if (phone === undefined) return;
      phone = undefined;
      wish += 1;
      apply({ type: 'pairing-left' });
      waiting?.session
        .refreshQr()
        .catch((error: unknown) => log.warn('The request for a new QR code failed', {}, error));
    },
    offer(session, onAsked) {
      const isFirst = waiting?.session !== session;
      waiting = { session, onAsked };
      if (phone === undefined) return false;
      if (isFirst) {
        wish += 1;
        apply({ type: 'pairing', pairing: { phone } });
        void ask(phone);
      }
      return true;
    },
    detach() {
      waiting = undefined;
      wish += 1;
    },
    done,
    reset() {
      codes = 0;
      done();
    },
  };
}

import type { RepairContext } from '../repair-context.ts';

/**
 * The library tells of every end of a link the same word. WhatsApp's page knows why, and asks one function for what to
 * show: who listens there hears the reason, just before the page goes.
 */
export function repairLogoutReason({ need, report, tell, onLibrary }: RepairContext): void {
  const everyMs = 5_000;
  const tries = 6;

  const listen = (left: number): void => {
    const reasons = need('WAWebLogoutReason');
    const original = reasons?.getErrorCodeFromLogoutReason;
    if (!reasons || !original) {
      report({ applied: false, how: 'no getErrorCodeFromLogoutReason' });
      if (left > 0) setTimeout(() => listen(left - 1), everyMs);
      return;
    }
    reasons.getErrorCodeFromLogoutReason = (reason, ...rest) => {
      if (typeof reason === 'string') tell({ type: 'logout-reason', reason: reason.slice(0, 64) });
      return original(reason, ...rest);
    };
    report({ applied: true, how: 'getErrorCodeFromLogoutReason' });
  };

  let isListening = false;
  onLibrary({
    injected() {
      if (!isListening) listen(tries);
      isListening = true;
    },
  });
}

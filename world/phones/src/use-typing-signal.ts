import { onScopeDispose } from 'vue';

const repeatMs = 3_000;
const idleMs = 4_000;

/** Tells the other side about typing as WhatsApp does: again every few seconds, and an end after a pause. */
export function useTypingSignal(tell: (writing: boolean) => void): { wrote(): void; stopped(): void } {
  let lastTold = 0;
  let timer: number | undefined;

  function wrote(): void {
    const now = Date.now();
    if (now - lastTold > repeatMs) {
      lastTold = now;
      tell(true);
    }
    clearTimeout(timer);
    timer = window.setTimeout(stopped, idleMs);
  }

  function stopped(): void {
    clearTimeout(timer);
    if (lastTold === 0) return;
    lastTold = 0;
    tell(false);
  }

  onScopeDispose(stopped);
  return { wrote, stopped };
}

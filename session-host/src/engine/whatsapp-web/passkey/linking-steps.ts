import type { PasskeyAnswer } from '@top-active/core/contracts';
import type { Page } from 'puppeteer';
import type { EngineEvent } from '../../engine.ts';
import { pressConfirm, pressContinue, readComparisonCode } from './linking-screen.ts';
import { installPasskeyRelay, type PasskeyRelay } from './passkey-relay.ts';

export interface LinkingSteps {
  /** A person has something to do: nothing is late meanwhile. */
  readonly isForPerson: boolean;
  install(page: Page): Promise<void>;
  /** Looks at what the page shows while it is being linked. Rejects while the page is being replaced. */
  look(page: Page): Promise<void>;
  answerPasskey(requestId: string, answer: PasskeyAnswer): Promise<boolean>;
  compareCode(comparison: { page: Page; code: string; matches: boolean }): Promise<boolean>;
}

const pressEveryMs = 3_000;
/** A button that doesn't help is not pressed for ever. */
const mostPresses = 5;

/** What comes between code and link: the passkey, and the code to compare. */
export function createLinkingSteps(emit: (event: EngineEvent) => void): LinkingSteps {
  let relay: PasskeyRelay | undefined;
  let wasSigned = false;
  let code: string | undefined;
  let wasCompared = false;
  let presses = 0;
  let pressedAt = -Infinity;

  return {
    get isForPerson() {
      return relay?.isPending === true || (code !== undefined && !wasCompared);
    },
    async install(page) {
      relay = await installPasskeyRelay(page, {
        onAsked(request) {
          wasSigned = false;
          code = undefined;
          wasCompared = false;
          emit({ type: 'passkey', request });
        },
        onEnded: (why) => emit({ type: 'passkey-ended', why }),
      });
    },
    async look(page) {
      if (relay?.isPending) return;
      if (wasSigned) {
        const shown = await readComparisonCode(page);
        if (shown === undefined || shown === code) return;
        code = shown;
        wasCompared = false;
        emit({ type: 'comparison-code', code });
        return;
      }
      if (presses >= mostPresses || performance.now() - pressedAt < pressEveryMs) return;
      if (!(await pressContinue(page))) return;
      presses += 1;
      pressedAt = performance.now();
    },
    async answerPasskey(requestId, answer) {
      if (!relay || !(await relay.answer(requestId, answer))) return false;
      wasSigned = answer.outcome === 'signed';
      emit({ type: 'passkey-answered', outcome: answer.outcome });
      return true;
    },
    async compareCode({ page, code: compared, matches }) {
      if (code !== compared || wasCompared) return false;
      wasCompared = true;
      if (matches) await pressConfirm(page, compared);
      emit({ type: 'code-compared', matches });
      return true;
    },
  };
}

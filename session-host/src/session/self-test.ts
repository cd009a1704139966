import { setTimeout as delay } from 'node:timers/promises';
import { metrics, type Log } from '@top-active/aws';
import type { Account, EngineEvent, EngineMessage, EngineSession } from '../engine/engine.ts';
import type { SelfTestPlan } from './self-test-plan.ts';

/** What becomes of a message that the account sends to itself, in this order. */
const selfTestSteps = ['sent', 'told', 'readable', 'stored', 'acknowledged'] as const;
export type SelfTestStep = (typeof selfTestSteps)[number];

const defaultPatienceMs = 30_000;
const lookEveryMs = 250;
/** More can't be of one message, and a busy account tells much meanwhile. */
const remembered = 500;

/**
 * Sends one message to the account's own chat where the page is new, and follows it to the store. Its only outcome is a
 * line in the log and a metric.
 */
export interface SelfTest {
  /** What the engine tells of the session. */
  hear(event: EngineEvent): void;
  /** The session is connected, and runs on a page of this build. */
  onBuild(build: string, session: { engine: EngineSession; account: Account }): void;
  /** The session ends: what is being tested says nothing about the page any more. */
  cancel(): void;
}

export interface SelfTestOptions {
  plan: SelfTestPlan;
  isStored: (message: { peer: string; stanzaId: string }) => Promise<boolean>;
  patienceMs?: number | undefined;
  log: Log;
}

export function createSelfTest({ plan, isStored, patienceMs = defaultPatienceMs, log }: SelfTestOptions): SelfTest {
  let heard: EngineEvent[] | undefined;
  let cancelled = new AbortController();

  async function run(build: string, { engine, account }: { engine: EngineSession; account: Account }): Promise<void> {
    const { signal } = cancelled;
    const begun = performance.now();
    heard = [];
    let missing: SelfTestStep[] = [...selfTestSteps];
    try {
      const text = `Teste automático · automatic test · WhatsApp ${build}`;
      const sent = await engine.sendText(`${account.phone}@c.us`, text);
      do {
        missing = stepsMissing(heard, sent, await hasStored(sent));
        if (missing.length === 0) break;
        // It rejects only when it is cancelled, which ends the loop.
        await delay(lookEveryMs, undefined, { signal }).catch(() => undefined);
      } while (!signal.aborted && performance.now() - begun < patienceMs);
    } catch (error) {
      log.warn('The message of the self-test was not sent', { build }, error);
    } finally {
      heard = undefined;
    }
    if (missing.length === 0) log.info('Self-test passed', { build, ms: Math.round(performance.now() - begun) });
    else if (signal.aborted) log.info('Self-test ended with its session', { build });
    else {
      metrics.emit('SelfTestFailures');
      log.error('Self-test failed', { build, missing: missing.join(', ') });
    }
  }

  /** It is told under the chat's id of today, which may be another than the one it was sent to. */
  async function hasStored(sent: EngineMessage): Promise<boolean> {
    const peers = [sent, ...messagesOf(heard ?? [], sent)].map(({ peer }) => peer);
    for (const peer of new Set(peers)) if (await isStored({ peer, stanzaId: sent.stanzaId })) return true;
    return false;
  }

  return {
    hear(event) {
      if (heard && heard.length < remembered) heard.push(event);
    },
    onBuild(build, session) {
      if (heard || !plan.claim(build)) return;
      cancelled = new AbortController();
      run(build, session).catch((error: unknown) =>
        log.error('The self-test could not be carried out', { build }, error),
      );
    },
    cancel: () => cancelled.abort(),
  };
}

/** What is still to happen with the message that was sent, or must not have happened meanwhile. */
export function stepsMissing(
  heard: readonly EngineEvent[],
  sent: Pick<EngineMessage, 'stanzaId' | 'text' | 'delivery'>,
  isStored: boolean,
): SelfTestStep[] {
  const told = messagesOf(heard, sent);
  const missed = new Set(heard.flatMap((event) => (event.type === 'missed' ? [event.level] : [])));
  const deliveries = heard.flatMap((event) =>
    event.type === 'delivery' && event.stanzaId === sent.stanzaId ? [event.delivery] : [],
  );
  const isReadable =
    told.some(({ text, content }) => text === sent.text && content?.onPhone === undefined) && !missed.has('unreadable');
  const done: Record<SelfTestStep, boolean> = {
    sent: true,
    told: told.length > 0 && !missed.has('deaf') && !missed.has('silent'),
    readable: isReadable,
    stored: isStored,
    acknowledged: [sent.delivery, ...told.map(({ delivery }) => delivery), ...deliveries].some(isTaken),
  };
  return selfTestSteps.filter((step) => !done[step]);
}

function messagesOf(heard: readonly EngineEvent[], { stanzaId }: Pick<EngineMessage, 'stanzaId'>): EngineMessage[] {
  const isOfIt = ({ message }: { message: EngineMessage }) => message.fromMe && message.stanzaId === stanzaId;
  return heard.flatMap((event) => (event.type === 'message' && isOfIt(event) ? [event.message] : []));
}

/** WhatsApp has it. */
function isTaken(delivery: EngineMessage['delivery']): boolean {
  return delivery !== 'pending' && delivery !== 'failed';
}

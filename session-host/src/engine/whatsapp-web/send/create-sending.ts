import type { Client } from 'whatsapp-web.js';
import type { Page } from 'puppeteer';
import { EngineError, type EngineEvent, type EngineMessage } from '../../engine.ts';
import { sendText } from '../client-calls.ts';
import type { RestrictionWatch } from '../restrictions/create-restriction-watch.ts';
import { askBeforeSending } from '../page/calls/ask-before-sending.ts';
import type { NoteFailure } from '../note-failures.ts';
import { refusalOf } from './refusal-of.ts';
import { failureOf, readSendOutcomes, type SendOutcome } from './send-failures.ts';

type Delivery = Extract<EngineEvent, { type: 'delivery' }>;

export interface Sending {
  /** @throws {EngineError} as `EngineSession.sendText` */
  send(client: Client, options: { page: Page; peer: string; text: string; timeoutMs: number }): Promise<EngineMessage>;
  /** Whether it tells this event itself, with the reason of a failure. */
  takes(event: EngineEvent, page: Page | undefined): boolean;
  /** WhatsApp has taken it. */
  ticked(stanzaId: string): void;
  /** Looks what became of messages that wait for their first tick. Called at each heartbeat; never rejects. */
  look(page: Page): Promise<void>;
}

/** Sends, and finds out what the library doesn't tell: that a message would be refused, that it has failed, and why. */
export function createSending({
  restrictionWatch,
  emit,
  noteFailure,
  onPending,
  onSettled,
}: {
  restrictionWatch: RestrictionWatch;
  noteFailure: NoteFailure;
  emit: (event: Delivery) => void;
  /** A message waits for its first tick. */
  onPending: (stanzaId: string) => void;
  /** It waits no more, whatever became of it. */
  onSettled: (stanzaId: string) => void;
}): Sending {
  /** Peers by the stanza ids of what has no tick yet. */
  const waiting = new Map<string, string>();

  async function refuse(page: Page, peer: string): Promise<void> {
    // A page that can't be asked is a page that can't send: that is for the send to find out.
    const answer = await askBeforeSending(page, peer).catch((error: unknown) => {
      noteFailure('asking before a send', error);
      return undefined;
    });
    const failure = answer && refusalOf(answer, restrictionWatch.active);
    if (failure) throw new EngineError('refused', `WhatsApp would refuse it: ${failure}`, { failure });
  }

  /**
   * None where the page can't be asked: it is asked again at the next heartbeat, and a failure is told without its
   * reason.
   */
  async function readOutcomes(page: Page, stanzaIds: string[]): Promise<SendOutcome[]> {
    try {
      return await readSendOutcomes(page, stanzaIds);
    } catch (error) {
      noteFailure('reading what became of sends', error);
      return [];
    }
  }

  function settle({ stanzaId, ...outcome }: SendOutcome): void {
    const peer = waiting.get(stanzaId);
    const failure = failureOf(outcome, restrictionWatch.active);
    if (peer === undefined || failure === undefined) return;
    waiting.delete(stanzaId);
    onSettled(stanzaId);
    restrictionWatch.refused();
    emit({ type: 'delivery', peer, stanzaId, delivery: 'failed', failure });
  }

  async function explain(event: Delivery, page: Page | undefined): Promise<void> {
    waiting.delete(event.stanzaId);
    restrictionWatch.refused();
    if (page) await restrictionWatch.look(page);
    const outcomes = page ? await readOutcomes(page, [event.stanzaId]) : [];
    const { errorCode = '' } = outcomes[0] ?? {};
    emit({ ...event, failure: failureOf({ ack: -1, isSendFailure: true, errorCode }, restrictionWatch.active) });
  }

  return {
    async send(client, { page, peer, text, timeoutMs }) {
      await refuse(page, peer);
      const message = await sendText(client, { peer, text, timeoutMs });
      if (message.delivery === 'pending' || message.delivery === 'failed') waiting.set(message.stanzaId, message.peer);
      if (message.delivery === 'pending') onPending(message.stanzaId);
      return message;
    },
    takes(event, page) {
      if (event.type !== 'delivery' || event.delivery !== 'failed' || event.failure !== undefined) return false;
      void explain(event, page);
      return true;
    },
    ticked(stanzaId) {
      waiting.delete(stanzaId);
      onSettled(stanzaId);
    },
    async look(page) {
      if (waiting.size === 0) return;
      for (const outcome of await readOutcomes(page, [...waiting.keys()])) settle(outcome);
    },
  };
}

import type { CapabilityName } from '@top-active/core/contracts';
import type { Client } from 'whatsapp-web.js';
import type { Page } from 'puppeteer';
import { EngineError, PairingRefusal, type EngineSession } from '../../engine.ts';
import { withDeadline } from '../../with-deadline.ts';
import { askWhatsApp } from '../client-calls.ts';
import { describePeer } from '../page/calls/describe-peer.ts';
import { fetchSince } from '../page/calls/fetch-since.ts';
import { listChats } from '../page/calls/list-chats.ts';
import { showTyping } from '../page/calls/show-typing.ts';
import type { CapabilityWatch } from '../page/probe/watch-capabilities.ts';
import { readLocalStorage } from '../page-calls.ts';
import { refreshQr, requestPairingCode } from '../pairing-calls.ts';
import type { LinkingSteps } from '../passkey/linking-steps.ts';
import type { Sending } from '../send/create-sending.ts';
import type { SessionTimes } from '../session-times.ts';
import { unlink } from '../unlink.ts';
import type { Witness } from '../witness/create-witness.ts';
import type { SessionEvent, SessionState } from './session-state.ts';

interface Parts {
  client: Client;
  times: SessionTimes;
  /** As it is now. */
  state: () => SessionState;
  dispatch: (event: SessionEvent) => void;
  capabilities: CapabilityWatch;
  steps: LinkingSteps;
  sending: Sending;
  witness: Witness;
  stop: () => Promise<void>;
}

/** What is asked of a session from outside. */
export function createSessionCalls(parts: Parts): EngineSession {
  const { client, times, state, dispatch, capabilities, steps, sending, witness, stop } = parts;
  const isOver = () => state().phase === 'ended';

  /** @throws {EngineError} also when WhatsApp's page can't do it any more */
  async function pageFor(capability: CapabilityName): Promise<Page> {
    livePage(client, state());
    await capabilities.require(capability);
    return livePage(client, state());
  }

  return {
    get pid() {
      return client.pupBrowser?.process()?.pid;
    },
    async sendText(peer, text) {
      const page = await pageFor('send');
      dispatch({ type: 'active', at: performance.now() });
      return sending.send(client, { page, peer, text, timeoutMs: times.sendTimeoutMs });
    },
    showTyping: async (peer) => showTyping(livePage(client, state()), peer),
    async markSeen(peer) {
      livePage(client, state());
      await withDeadline(client.sendSeen(peer), times.sendTimeoutMs, 'Marking as seen');
    },
    describePeer: async (peer) => describePeer(await pageFor('contact'), peer),
    listChats: async () => listChats(await pageFor('chat_list')),
    fetchSince: async (peer, range) => fetchSince(await pageFor('history'), peer, range),
    noteStored: (message) => witness.stored(message),
    requestPairingCode: async (phone) => requestPairingCode(unlinkedPage(client, state()), phone),
    refreshQr: async () => {
      dispatch({ type: 'qr-wanted' });
      await refreshQr(unlinkedPage(client, state()));
    },
    readLocalStorage: async () => readLocalStorage(livePage(client, state())),
    async answerPasskey(requestId, answer) {
      dispatch({ type: 'owner-acted', at: performance.now() });
      return !isOver() && steps.answerPasskey(requestId, answer);
    },
    async compareCode(code, matches) {
      const page = client.pupPage;
      dispatch({ type: 'owner-acted', at: performance.now() });
      return !isOver() && page !== undefined && steps.compareCode({ page, code, matches });
    },
    async logout() {
      try {
        // A page on a dead link unlinks itself all the same, and the phone never hears of it.
        const { isReady } = state();
        const isHeard = isReady && !isOver() && (await askWhatsApp(client, times.answerTimeoutMs));
        return isHeard && (await unlink(livePage(client, state()), times.unlinkTimeoutMs));
      } finally {
        await stop();
      }
    },
    stop,
  };
}

/** @throws {EngineError} `unready` */
export function livePage({ pupPage: page }: Client, { phase, document }: SessionState): Page {
  if (phase === 'ended' || !page || !document.isListening) throw new EngineError('unready', 'The session is not ready');
  return page;
}

function unlinkedPage({ pupPage: page }: Client, { phase, code }: SessionState): Page {
  if (phase === 'ended' || !page || code !== 'shown')
    throw new PairingRefusal('unavailable', 'WhatsApp waits for no code');
  return page;
}

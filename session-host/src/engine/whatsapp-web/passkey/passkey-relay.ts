import { randomBytes, randomUUID } from 'node:crypto';
import type { PasskeyAnswer, PasskeyRequest } from '@top-active/core/contracts';
import { passkeyRequestSchema } from '@top-active/core/contracts';
import { wrongInAssertion } from '@top-active/core/domain';
import type { Page } from 'puppeteer';
import { z } from 'zod';
import { withDeadline } from '../../with-deadline.ts';
import { interceptPasskeys } from './intercept-passkeys.ts';

export interface PasskeyRelay {
  /** The page waits for an answer. */
  readonly isPending: boolean;
  /**
   * Gives the page its answer. False when it waits for none, for another one, or this isn't one; and when it takes
   * none, after telling that the request has ended. A refusal of the pending request always counts.
   */
  answer(requestId: string, answer: PasskeyAnswer): Promise<boolean>;
}

interface Pending {
  request: PasskeyRequest;
  /** The page's own number of the request, and the document that asked. */
  id: number;
  contextId: number;
}

/** The page is not to be believed: what it tells is checked like everything that comes from outside. */
const toldSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('asked'),
    id: z.int(),
    request: z.object({
      challenge: passkeyRequestSchema.shape.challenge,
      allowCredentials: passkeyRequestSchema.shape.allowCredentials,
      uvm: z.boolean(),
      timeoutMs: z.number().min(1).max(600_000),
    }),
  }),
  z.object({ type: z.literal('ended'), id: z.int(), why: z.enum(['expired', 'withdrawn']) }),
]);

/**
 * Takes the page's passkey requests before its own scripts can make one, in every document to come. Once for a page,
 * before it goes to WhatsApp.
 */
export async function installPasskeyRelay(
  page: Page,
  {
    onAsked,
    onEnded,
    answerTimeoutMs = 10_000,
  }: {
    onAsked: (request: PasskeyRequest) => void;
    /** Without an answer: too late, or the page asks no more. */
    onEnded: (why: 'expired' | 'withdrawn') => void;
    /** A page that takes no answer for so long hangs. */
    answerTimeoutMs?: number;
  },
): Promise<PasskeyRelay> {
  const bindingName = randomName();
  const answerName = randomName();
  let pending: Pending | undefined;

  const cdp = await page.createCDPSession();
  cdp.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
    if (name === bindingName) hear(payload, executionContextId);
  });
  cdp.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
    if (pending?.contextId === executionContextId) end('withdrawn');
  });
  cdp.on('Runtime.executionContextsCleared', () => end('withdrawn'));
  await cdp.send('Runtime.enable');
  await cdp.send('Runtime.addBinding', { name: bindingName });
  await cdp.send('Page.enable');
  const options = { bindingName, answerName, origin: 'https://web.whatsapp.com', site: 'whatsapp.com' };
  await cdp.send('Page.addScriptToEvaluateOnNewDocument', {
    source: `(${interceptPasskeys.toString()})(${JSON.stringify(options)})`,
  });

  function hear(payload: string, contextId: number): void {
    const told = toldSchema.safeParse(parseJson(payload));
    // The page's own time-out ends what can't be passed on.
    if (!told.success) return;
    if (told.data.type === 'ended') {
      if (pending?.id === told.data.id && pending.contextId === contextId) end(told.data.why);
      return;
    }
    const { id, request: asked } = told.data;
    const request: PasskeyRequest = {
      requestId: randomUUID(),
      challenge: asked.challenge,
      allowCredentials: asked.allowCredentials,
      extensions: asked.uvm ? { uvm: true } : {},
      expiresAt: new Date(Date.now() + asked.timeoutMs).toISOString(),
      answered: false,
    };
    pending = { request, id, contextId };
    onAsked(request);
  }

  function end(why: 'expired' | 'withdrawn'): void {
    if (!pending) return;
    pending = undefined;
    onEnded(why);
  }

  return {
    get isPending() {
      return pending !== undefined;
    },
    async answer(requestId, answer) {
      const asked = pending;
      if (asked?.request.requestId !== requestId) return false;
      if (answer.outcome === 'signed' && wrongInAssertion(answer.credential, asked.request) !== undefined) return false;
      pending = undefined;
      const credential = answer.outcome === 'signed' ? answer.credential : null;
      const isHeard = await give(asked, credential);
      // Who refuses is done with it, whether the page still listens or not.
      if (isHeard || answer.outcome === 'refused') return true;
      onEnded('withdrawn');
      return false;
    },
  };

  /** False when the page waits no more, or hangs. */
  async function give({ contextId, id }: Pending, credential: object | null): Promise<boolean> {
    try {
      const { result } = await withDeadline(
        cdp.send('Runtime.evaluate', {
          contextId,
          expression: `globalThis[${JSON.stringify(answerName)}](${id}, ${JSON.stringify(credential)})`,
          returnByValue: true,
        }),
        answerTimeoutMs,
        'Answering the passkey request',
      );
      return result.value === true;
    } catch {
      // The page that asked is gone, or asks no more: the owner reads that the answer came too late.
      return false;
    }
  }
}

function randomName(): string {
  return `_${randomBytes(12).toString('hex')}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

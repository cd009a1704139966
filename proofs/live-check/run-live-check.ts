import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { outgoingResponseSchema, type Message, type WhatsAppStatus } from '@top-active/core/contracts';
import type { AppUser } from '@top-active/local/client';
import type { Guide } from './guide.ts';
import type { StepResult } from './report.ts';
import { handSteps, type HandStep, type StepName } from './steps.ts';

export interface LiveCheckOptions {
  owner: AppUser;
  guide: Guide;
  host: { stop(): Promise<unknown>; start(): void };
  /** For what a person does by hand. */
  patienceMs: number;
  everyMs?: number | undefined;
}

/** A step that came to nothing; its reason is all that the report tells of it. */
class StepFailed extends Error {
  override readonly name = 'StepFailed';
  readonly why: NonNullable<StepResult['why']>;

  constructor(why: NonNullable<StepResult['why']>) {
    super(why);
    this.why = why;
  }
}

class StepSkipped extends Error {
  override readonly name = 'StepSkipped';
}

/**
 * Leads a person through a link and everything that the product does with it, each step checked by what the app shows.
 * A step that fails or is left out ends none of the others but those that can't be without it.
 */
export async function runLiveCheck(options: LiveCheckOptions): Promise<StepResult[]> {
  const { owner, guide, host, patienceMs, everyMs = 500 } = options;
  const results: StepResult[] = [];
  const found: { chatId?: string } = {};

  async function take(step: StepName, how: StepResult['how'], work: () => Promise<void>): Promise<boolean> {
    const begun = performance.now();
    const note = (outcome: StepResult['outcome'], why?: StepResult['why']) => {
      results.push({ step, outcome, how, why, ms: Math.round(performance.now() - begun) });
      guide.tell(
        `${outcome === 'passed' ? '✓' : outcome === 'skipped' ? '–' : '✗'} ${step}${why ? `: ${why.replace('_', ' ')}` : ''}`,
      );
      return outcome === 'passed';
    };
    try {
      await work();
      return note('passed');
    } catch (error) {
      if (error instanceof StepSkipped) return note('skipped');
      return note('failed', error instanceof StepFailed ? error.why : 'refused');
    }
  }

  async function waitFor<T>(ask: () => Promise<T | undefined>, signal?: AbortSignal): Promise<T> {
    const deadline = performance.now() + patienceMs;
    while (performance.now() < deadline) {
      if (signal?.aborted) throw new StepSkipped();
      const answer = await ask();
      if (answer !== undefined) return answer;
      await delay(everyMs);
    }
    throw new StepFailed('timed_out');
  }

  async function byHand<T>(step: StepName, instruction: string, ask: () => Promise<T | undefined>): Promise<T> {
    const { skipped, end } = guide.instruct(step, instruction);
    try {
      return await waitFor(ask, skipped);
    } finally {
      end();
    }
  }

  async function asked(step: StepName, question: string): Promise<void> {
    const answer = await guide.confirm(step, question);
    if (answer === 'skip') throw new StepSkipped();
    if (answer === 'no') throw new StepFailed('said_no');
  }

  async function link(): Promise<void> {
    await owner.connectWhatsApp();
    let shown = '';
    await byHand(
      'link',
      'On the phone, open WhatsApp, choose Linked devices, then Link a device, and scan the code below.',
      async () => {
        const status = await owner.status();
        if (status.state === 'linked') return true;
        if (status.state === 'failed' || status.state === 'qr_expired') throw new StepFailed('refused');
        if (status.qr && status.qr.code !== shown) {
          shown = status.qr.code;
          await guide.showCode(shown);
        }
        return undefined;
      },
    );
  }

  async function history(linkedAt: string): Promise<void> {
    const answer = await guide.confirm('history', 'Did this WhatsApp account have conversations before you linked it?');
    if (answer !== 'yes') throw new StepSkipped();
    await waitFor(async () => {
      const older = (await owner.chats()).some(({ lastMessage }) => lastMessage && lastMessage.sentAt < linkedAt);
      return older || undefined;
    });
  }

  /** The chat with the second phone is the one in which something new is written. */
  async function receive(): Promise<void> {
    const known = new Map((await owner.chats()).map(({ id, lastMessage }) => [id, lastMessage?.id]));
    found.chatId = await byHand('receive', 'Send any text from the second phone to the linked number.', async () => {
      const chats = await owner.chats();
      const written = chats.find(
        ({ id, isGroup, lastMessage }) =>
          !isGroup && lastMessage?.author === 'customer' && lastMessage.id !== known.get(id),
      );
      return written?.id;
    });
  }

  async function send(): Promise<void> {
    const { id } = await owner.send(chat(), 'Live check: the app sent this message.', randomUUID());
    await waitFor(async () => {
      const { items } = await owner.api.request('/api/outgoing', { answer: outgoingResponseSchema });
      const message = (await messages()).find(({ commandId }) => commandId === id);
      if (message?.delivery === 'failed' || items.some((stuck) => stuck.id === id)) throw new StepFailed('refused');
      return message;
    });
    await asked('send', 'Did the message arrive on the second phone exactly once?');
  }

  async function doByHand({ step, instruction, isDone, onlyNew }: HandStep): Promise<void> {
    const before = new Set(onlyNew ? (await messages()).map(({ id }) => id) : []);
    await byHand(step, instruction, async () =>
      (await messages()).find((message) => !before.has(message.id) && isDone(message)),
    );
  }

  async function restart(): Promise<void> {
    const before = new Set((await messages()).map(({ id }) => id));
    const { skipped, end } = guide.instruct(
      'restart',
      'The session host is stopping. Send a text from the second phone now.',
    );
    try {
      await host.stop();
      await guide.confirm('restart', 'Have you sent it?');
      host.start();
      await waitFor(async () => {
        const status = await owner.status();
        if (endsLink(status)) throw new StepFailed('refused');
        const isThere = (await messages()).some(({ id, author }) => author === 'customer' && !before.has(id));
        return (status.state === 'linked' && isThere) || undefined;
      }, skipped);
    } finally {
      end();
    }
  }

  async function unlink(): Promise<void> {
    await owner.api.request('/api/whatsapp/disconnect', { method: 'POST', body: {} });
    const status = await waitFor(async () => {
      const now = await owner.status();
      return now.state === 'unlinked' ? now : undefined;
    });
    if (status.remainsOnPhone) throw new StepFailed('refused');
    await asked('unlink', 'Look at Linked devices on the phone. Is our device gone?');
  }

  const chat = () => {
    if (found.chatId === undefined) throw new StepSkipped();
    return found.chatId;
  };
  const messages = (): Promise<Message[]> => owner.messages(chat());

  if (!(await take('link', 'checked', link))) return results;
  const { linkedAt = new Date().toISOString() } = await owner.status();
  await take('history', 'checked', () => history(linkedAt));
  await take('receive', 'checked', receive);
  await take('send', 'asked', send);
  for (const step of handSteps) await take(step.step, 'checked', () => doByHand(step));
  await take('restart', 'checked', restart);
  await take('unlink', 'asked', unlink);
  return results;
}

function endsLink({ state }: WhatsAppStatus): boolean {
  return state === 'logged_out' || state === 'failed' || state === 'qr';
}

import type { RequestParams } from '../requests.ts';
import type { Ack, MessageType } from '../types.ts';
import type { App } from './app.ts';
import type { Inbox } from './inbox.ts';
import { MsgKey, wid } from './ids.ts';
import type { ChatModel, MsgModel } from './models.ts';
import { ServerStatusCodeError } from './wire-client.ts';

type Params = RequestParams<'send'>;

export interface Outbox {
  /**
   * `stored` resolves once the message will outlive this page; `sent` with the first tick, and stays pending while
   * there is none.
   */
  send(chat: ChatModel, message: MsgModel): { stored: Promise<void>; sent: Promise<Result> };
  /** Sends again what has no tick yet: after a lost connection, and after the process was killed. */
  resend(): Promise<void>;
  /**
   * What changes a message must follow the message itself.
   * @throws Error when it still isn't sent after a while
   */
  sent(message: MsgModel): Promise<void>;
}

interface Result {
  messageSendResult: 'OK' | 'ERROR_UNKNOWN';
  /** Unix time, seconds. */
  t: number;
}

const changeTimeoutMs = 15_000;

const sendable: Params['type'][] = [
  'chat',
  'image',
  'video',
  'audio',
  'ptt',
  'document',
  'sticker',
  'location',
  'vcard',
  'multi_vcard',
  'poll_creation',
];

/** Attributes that travel with particular types of message. */
const extraNames = [
  'lat',
  'lng',
  'loc',
  'clientUrl',
  'vcardFormattedName',
  'vcardList',
  'pollName',
  'pollOptions',
  'pollSelectableOptionsCount',
  'isGif',
  'isViewOnce',
  'duration',
] as const;

export function createOutbox(app: App, inbox: Inbox): Outbox {
  const { store, wire, collections } = app;
  const waiting = new Map<string, PromiseWithResolvers<Result>>();

  async function transmit(params: Params): Promise<void> {
    if (isBlocked(params.chat)) return rejectBlocked(params);
    const { failSends } = app.acted;
    if (failSends === 'error') return fail(params, { isSendFailure: true });
    if (failSends === 'restricted') return fail(params, { ack: -1, isSendFailure: true, errorCode: 3 });
    try {
      const { seq } = await wire.request('send', params, { once: true });
      // Before anything is awaited: the second tick may be right behind.
      const model = collections.Msg.get(params.key);
      model?.assign({ rowId: seq });
      model?.updateAck(1);
      settle(params, 'OK');
      await store.dropUnsent(params.key);
      if (model === undefined) await show(params.key);
    } catch (error) {
      // No connection or no answer: it stays unsent, and goes out with the next sync.
      if (!(error instanceof ServerStatusCodeError) || error.status === 408) return;
      await fail(params, failureOf(error.status));
    }
  }

  async function fail(params: Params, how: object): Promise<void> {
    await store.dropUnsent(params.key);
    collections.Msg.get(params.key)?.set(how);
    settle(params, 'ERROR_UNKNOWN');
  }

  /** Before anything is set: the message stays as if it were on its way. */
  async function rejectBlocked({ key }: Params): Promise<void> {
    await store.dropUnsent(key);
    waiting.get(key)?.reject(new Error('The contact is blocked.'));
    waiting.delete(key);
  }

  function isBlocked(chat: string): boolean {
    const other = app.identity.alternate(wid(chat));
    return [chat, other].some((id) => id !== undefined && collections.Blocklist.get(id) !== undefined);
  }

  function settle({ key, t }: Params, messageSendResult: 'OK' | 'ERROR_UNKNOWN'): void {
    waiting.get(key)?.resolve({ messageSendResult, t });
    waiting.delete(key);
  }

  /** It was sent for a page that is gone: the new page learns of it from the server. */
  async function show(key: string): Promise<void> {
    const { messages } = await wire.request('messages', { keys: [key] });
    for (const message of messages) inbox.message(message, false);
  }

  return {
    send(chat, message) {
      const params = paramsOf(chat, message);
      const pending = Promise.withResolvers<Result>();
      // Who sends needn't listen.
      pending.promise.catch(() => undefined);
      waiting.set(params.key, pending);
      const stored = store.keepUnsent(params);
      void stored.then(() => transmit(params));
      return { stored, sent: pending.promise };
    },
    async sent({ id }) {
      const pending = waiting.get(id.toString());
      if (pending === undefined) return;
      const { promise: late, reject } = Promise.withResolvers<never>();
      const timer = setTimeout(() => reject(new Error('The message has not been sent yet.')), changeTimeoutMs);
      await Promise.race([pending.promise, late]).finally(() => clearTimeout(timer));
    },
    async resend() {
      const unsent = await store.unsent();
      for (const params of unsent.toSorted((a, b) => a.t - b.t)) await transmit(params);
    },
  };
}

/**
 * WhatsApp gives no reason for its time lock (463), and one for a used-up quota (475): the third of its error codes.
 */
function failureOf(status: number): { ack: Ack; isSendFailure: true; errorCode?: number } {
  return { ack: -1, isSendFailure: true, ...(status === 475 && { errorCode: 2 }) };
}

function paramsOf(chat: ChatModel, message: MsgModel): Params {
  const attributes = message.serialize();
  const extra = Object.fromEntries(
    extraNames.flatMap((name) => (attributes[name] === undefined ? [] : [[name, attributes[name]]])),
  );
  const { directPath, mimetype = '', filename = null, size = 0 } = message;
  return {
    key: MsgKey.from(message.id).toString(),
    chat: chat.id.toString(),
    type: typeOf(message.type),
    text: (directPath === undefined ? message.body : message.caption) ?? '',
    t: message.t,
    quoted: message.quotedStanzaID ?? null,
    media: directPath === undefined ? null : { directPath, mimetype, filename, size },
    forwarded: message.isForwarded,
    extra,
  };
}

function typeOf(type: MessageType): Params['type'] {
  const known = sendable.find((candidate) => candidate === type);
  if (known === undefined) throw new Error(`This stand-in cannot send messages of type "${type}".`);
  return known;
}

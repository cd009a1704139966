import type { RequestParams } from '../requests.ts';
import type { MessageType } from '../types.ts';
import type { App } from './app.ts';
import type { Inbox } from './inbox.ts';
import { MsgKey } from './ids.ts';
import type { ChatModel, MsgModel } from './models.ts';
import { ServerStatusCodeError } from './wire-client.ts';

type Params = RequestParams<'send'>;

export interface Outbox {
  /** Resolves with the first tick; stays pending while there is none. */
  send(chat: ChatModel, message: MsgModel): Promise<{ messageSendResult: 'OK' | 'ERROR_UNKNOWN'; t: number }>;
  /** Sends again what has no tick yet: after a lost connection, and after the process was killed. */
  resend(): Promise<void>;
}

const sendable = new Set<string>([
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
]);

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
  const waiting = new Map<string, (result: { messageSendResult: 'OK' | 'ERROR_UNKNOWN'; t: number }) => void>();

  async function transmit(params: Params): Promise<void> {
    try {
      const { seq } = await wire.request('send', params);
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
      await store.dropUnsent(params.key);
      collections.Msg.get(params.key)?.set({ ack: -1 });
      settle(params, 'ERROR_UNKNOWN');
    }
  }

  function settle({ key, t }: Params, messageSendResult: 'OK' | 'ERROR_UNKNOWN'): void {
    waiting.get(key)?.({ messageSendResult, t });
    waiting.delete(key);
  }

  /** It was sent for a page that is gone: the new page learns of it from the server. */
  async function show(key: string): Promise<void> {
    const { messages } = await wire.request('messages', { keys: [key] });
    for (const message of messages) inbox.message(message, false);
  }

  return {
    async send(chat, message) {
      const params = paramsOf(chat, message);
      const sent = new Promise<{ messageSendResult: 'OK' | 'ERROR_UNKNOWN'; t: number }>((resolve) => {
        waiting.set(params.key, resolve);
      });
      await store.keepUnsent(params.key, params);
      void transmit(params);
      return sent;
    },
    async resend() {
      const unsent = await store.unsent();
      for (const { message } of unsent.toSorted((a, b) => timeOf(a.message) - timeOf(b.message))) {
        await transmit(message as Params);
      }
    },
  };
}

function timeOf(message: object): number {
  return (message as Params).t;
}

function paramsOf(chat: ChatModel, message: MsgModel): Params {
  const attributes = message.serialize();
  const extra = Object.fromEntries(
    extraNames.flatMap((name) => (attributes[name] === undefined ? [] : [[name, attributes[name]]])),
  );
  const { directPath, mimetype = '', filename = null, size = 0 } = message;
  return {
    key: MsgKey.from(message.id)._serialized,
    chat: chat.id._serialized,
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
  if (!sendable.has(type)) throw new Error(`This stand-in cannot send messages of type "${type}".`);
  return type as Params['type'];
}

import type { Client } from 'whatsapp-web.js';
import { EngineError, type Account, type EngineMessage } from '../engine.ts';
import { withDeadline } from '../with-deadline.ts';
import { textOf } from './classify-failure.ts';
import { rawOf } from './messages/raw-message.ts';
import { readMessage } from './messages/read-message.ts';

export function readAccount({ info }: Client): Account {
  return {
    phone: info.wid.server === 'c.us' ? info.wid.user : '',
    name: info.pushname ?? '',
    platform: info.platform ?? '',
  };
}

/**
 * Has WhatsApp's servers look up the account's own number, which tells nothing new and changes nothing. Whatever comes
 * back, they were reached. False: nothing came in time.
 */
export async function askWhatsApp(client: Client, timeoutMs: number): Promise<boolean> {
  const asking = client.getNumberId(client.info.wid.user).then(
    () => true,
    () => true,
  );
  return withDeadline(asking, timeoutMs, 'Asking WhatsApp').catch(() => false);
}

export async function sendText(
  client: Client,
  { peer, text, timeoutMs }: { peer: string; text: string; timeoutMs: number },
): Promise<EngineMessage> {
  const send = () => client.sendMessage(peer, text, { linkPreview: false, sendSeen: false, parseVCards: false });
  try {
    const sent = await withDeadline(
      send().catch(async (error: unknown) => {
        // WhatsApp opens a chat with a number only once it knows the number's hidden id. Nothing was sent then.
        if (!/No LID for user/i.test(textOf(error))) throw error;
        await client.getContactLidAndPhone([peer]);
        return send();
      }),
      timeoutMs,
      'Sending',
    );
    const read = readMessage(rawOf(sent));
    if (read.kind !== 'message') throw new EngineError('unsure', 'WhatsApp took the message but shows none');
    return read.message;
  } catch (error) {
    if (error instanceof EngineError) throw error;
    const refused = /No LID for user|not a valid|invalid wid/i.test(textOf(error));
    throw new EngineError(refused ? 'refused' : 'unsure', textOf(error));
  }
}

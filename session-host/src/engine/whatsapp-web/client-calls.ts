import type { Client, Message } from 'whatsapp-web.js';
import { EngineError, type Account, type EngineMessage, type PeerDescription } from '../engine.ts';
import { withDeadline } from '../with-deadline.ts';
import { textOf } from './classify-failure.ts';
import { readArrivalOrder } from './page-calls.ts';
import { clip, maxNameLength } from './messages/clip.ts';
import { rawOf } from './messages/raw-message.ts';
import { addDetails } from './page/add-details.ts';
import { readMessage } from './messages/read-message.ts';

const lookupTimeoutMs = 15_000;
const fetchTimeoutMs = 60_000;
const firstFetch = 50;

export function readAccount({ info }: Client): Account {
  return {
    phone: info.wid.server === 'c.us' ? info.wid.user : '',
    name: info.pushname ?? '',
    platform: info.platform ?? '',
  };
}

/**
 * Has WhatsApp's servers look up the account's own number, which tells nothing new and changes nothing. Whatever comes back, they were
 * reached. False: nothing came in time.
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

/** "typing…" as the peer sees it, until a message is sent or 25 seconds have passed. */
export async function showTyping(client: Client, peer: string): Promise<void> {
  const chat = await withDeadline(client.getChatById(peer), lookupTimeoutMs, 'Opening the chat');
  await withDeadline(chat.sendStateTyping(), lookupTimeoutMs, 'Showing typing');
}

export async function describePeer(client: Client, peer: string): Promise<PeerDescription> {
  return withDeadline(
    peer.endsWith('@g.us') ? describeGroup(client, peer) : describePerson(client, peer),
    lookupTimeoutMs,
    'Looking up a peer',
  );
}

async function describeGroup(client: Client, peer: string): Promise<PeerDescription> {
  const chat = await client.getChatById(peer);
  return { waIds: [peer], name: clip(chat.name ?? '', maxNameLength), isGroup: true };
}

/** A person has a phone number id (`@c.us`) and a hidden id (`@lid`), and is met under either. */
async function describePerson(client: Client, peer: string): Promise<PeerDescription> {
  const [ids] = await client.getContactLidAndPhone([peer]);
  const known: unknown[] = [ids?.pn, ids?.lid];
  const others = known.filter((id): id is string => typeof id === 'string' && id !== peer);
  const contact = await client.getContactById(peer);
  const phoneId = [peer, ...others].find((id) => id.endsWith('@c.us'));
  return {
    waIds: [peer, ...others],
    name: clip(contact.name ?? contact.verifiedName ?? contact.pushname ?? '', maxNameLength),
    phone: phoneId?.slice(0, -'@c.us'.length),
    isGroup: false,
  };
}

export async function fetchSince(
  client: Client,
  peer: string,
  { since, atLeast, atMost }: { since: number; atLeast: number; atMost: number },
): Promise<EngineMessage[]> {
  const chat = await withDeadline(client.getChatById(peer), lookupTimeoutMs, 'Opening the chat');
  for (let limit = Math.min(atMost, Math.max(atLeast, firstFetch)); ; limit = Math.min(atMost, limit * 4)) {
    const fetched = await withDeadline(chat.fetchMessages({ limit }), fetchTimeoutMs, 'Fetching messages');
    const messages = inOrderOfArrival(fetched, await readArrivalOrder(client.pupPage, peer));
    const isAll = messages.length < limit || limit >= atMost;
    if (!isAll && (messages[0]?.timestamp ?? 0) >= since) continue;
    const newest = Math.max(0, messages.length - atLeast);
    const wanted = messages.filter((message, index) => index >= newest || message.timestamp >= since).map(rawOf);
    const detailed = client.pupPage ? await addDetails(client.pupPage, wanted) : wanted;
    return detailed.map((raw) => readMessage(raw)).flatMap((read) => (read.kind === 'message' ? [read.message] : []));
  }
}

/**
 * By second, and within a second as the page holds them: the library's own sorting shuffles messages of the same second
 * whenever it has loaded more than it was asked for.
 */
function inOrderOfArrival(messages: readonly Message[], order: readonly string[]): Message[] {
  const places = new Map(order.map((id, place) => [id, place]));
  const placeOf = ({ id }: Message) => places.get(id.id) ?? -1;
  return messages.toSorted((a, b) => a.timestamp - b.timestamp || placeOf(a) - placeOf(b));
}

import type { ChatRecord, Log, Tenant } from '@top-active/aws';
import { canonicalWaId } from '@top-active/core/domain';

const pageSize = 100;

/**
 * All chats by the ids of their peers. Two chats under one id are one person's (from before a rule for ids was known,
 * or of a process that was interrupted) and are merged.
 * @returns finds the chat of an id, however WhatsApp spells it
 */
export async function readKnownChats(tenant: Tenant, log: Log): Promise<(peer: string) => ChatRecord | undefined> {
  const known = new Map<string, ChatRecord>();
  const doubles: [ChatRecord, ChatRecord][] = [];
  let cursor: string | undefined;
  do {
    const page = await tenant.chats.page({ cursor, limit: pageSize });
    for (const chat of page.items)
      for (const waId of chat.waIds) {
        const other = known.get(waId);
        if (other && other.id !== chat.id) doubles.push([other, chat]);
        known.set(waId, chat);
      }
    cursor = page.next;
  } while (cursor !== undefined);

  for (const [one, other] of doubles) {
    const merged = await tenant.chats.merge([one.id, other.id]);
    for (const waId of merged.waIds) known.set(waId, merged);
  }
  if (doubles.length > 0) log.info('Chats under the same id were looked at', { pairs: doubles.length });
  return (peer) => known.get(canonicalWaId(peer));
}

import type { ChatRecord, Contact, Tenant } from '@top-active/aws';

const pageSize = 100;
export const refreshedForMs = 24 * 3_600_000;

/**
 * Takes over what contacts and groups are called on the phone by now. Only of those of whom the page knows all ids:
 * nobody is looked up at WhatsApp's servers for it.
 * @param inChatOrder runs a task in its place among the messages of the peer's chat
 */
export async function refreshNames({
  tenant,
  describe,
  inChatOrder,
  signal,
}: {
  tenant: Tenant;
  describe: (peer: string) => Promise<Contact>;
  inChatOrder: <T>(peer: string, task: () => Promise<T>) => Promise<T>;
  signal: AbortSignal;
}): Promise<void> {
  let cursor: string | undefined;
  do {
    const page = await tenant.chats.page({ cursor, limit: pageSize });
    for (const chat of page.items) {
      if (signal.aborted) return;
      if (!isKnownInPage(chat)) continue;
      const contact = await describe(chat.primaryWaId);
      if (contact.name !== '' && contact.name !== chat.name)
        await inChatOrder(chat.primaryWaId, () => tenant.chats.upsertContact(contact));
    }
    cursor = page.next;
  } while (cursor !== undefined);
}

function isKnownInPage({ isGroup, waIds, primaryWaId }: ChatRecord): boolean {
  return primaryWaId !== '' && (isGroup || waIds.length > 1);
}

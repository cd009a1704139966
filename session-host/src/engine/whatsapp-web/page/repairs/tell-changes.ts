import type { Msg } from '../page-modules.ts';
import type { RepairContext } from '../repair-context.ts';

/**
 * Tells the host of messages that have become others in their place: decrypted, of a type that the page knows now, sent
 * after having been planned. The library tells of that only within the document in which the message came. Also of what
 * was planned and is gone: WhatsApp's page takes it away and puts it there anew, under the same stanza id, when it is
 * sent, so it is gone only once it stays away.
 */
export function tellChanges({ need, tell, report, onLibrary }: RepairContext): void {
  const { stringify } = JSON;
  const page = globalThis as unknown as { WWebJS?: Record<string, (message: unknown) => unknown> };
  const heard = new WeakSet<object>();
  const goneAfterMs = 3_000;

  const modelOf = (message: Msg): unknown => page.WWebJS?.['getMessageModel']?.(message);
  const tried = (work: (message: Msg) => void) => (message: Msg) => {
    try {
      work(message);
    } catch (error) {
      report({ applied: true, how: `failed for one: ${String(error)}` });
    }
  };

  const tellChanged = tried((message) => {
    // Deleted for everyone: the library tells of that.
    if (message.type !== 'revoked') tell({ type: 'message-changed', model: stringify(modelOf(message)) });
  });

  const isHeld = ({ id }: Msg): boolean => {
    const all = need('WAWebCollections')?.Msg?.getModelsArray?.() ?? [];
    return all.some((other) => other.id.id === id.id && other.id.fromMe === id.fromMe);
  };
  const tellDropped = tried((message) => {
    if (message.viewMode !== 'SCHEDULED_MESSAGE') return;
    const model = stringify(modelOf(message));
    const check = tried(() => {
      if (!isHeld(message)) tell({ type: 'plan-dropped', model });
    });
    setTimeout(() => check(message), goneAfterMs);
  });

  onLibrary({
    injected() {
      const messages = need('WAWebCollections')?.Msg;
      if (!messages?.on || heard.has(messages)) return;
      heard.add(messages);
      messages.on('change:type', tellChanged);
      messages.on('change:viewMode', tellChanged);
      messages.on('remove', tellDropped);
      report({ applied: true, how: 'listens to types, plans and removals' });
    },
  });
}

import type { Msg } from '../page-modules.ts';
import type { RepairContext } from '../repair-context.ts';

/**
 * Tells the host of messages that have become others in their place: decrypted, of a type that the page knows now, sent
 * after having been planned. The library tells of that only within the document in which the message came. Also of what
 * was planned and is gone.
 */
export function tellChanges({ need, tell, report, onLibrary }: RepairContext): void {
  const { stringify } = JSON;
  const page = globalThis as unknown as { WWebJS?: Record<string, (message: unknown) => unknown> };
  const heard = new WeakSet<object>();

  const modelOf = (message: Msg): unknown => page.WWebJS?.['getMessageModel']?.(message);
  const told = (type: 'message-changed' | 'plan-dropped') => (message: Msg) => {
    try {
      const isPlanned = message.viewMode === 'SCHEDULED_MESSAGE';
      // Deleted for everyone: the library tells of that.
      if (type === 'message-changed' ? message.type === 'revoked' : !isPlanned) return;
      tell({ type, model: stringify(modelOf(message)) });
    } catch (error) {
      report({ applied: true, how: `failed for one: ${String(error)}` });
    }
  };

  onLibrary({
    injected() {
      const messages = need('WAWebCollections')?.Msg;
      if (!messages?.on || heard.has(messages)) return;
      heard.add(messages);
      messages.on('change:type', told('message-changed'));
      messages.on('change:viewMode', told('message-changed'));
      messages.on('remove', told('plan-dropped'));
      report({ applied: true, how: 'listens to types, plans and removals' });
    },
  });
}

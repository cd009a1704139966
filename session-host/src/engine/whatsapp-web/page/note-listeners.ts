import type { LibraryHooks, Need } from './repair-context.ts';

/**
 * Notes to which events of the page's messages the library listens: a listener of its is known by the function that it
 * calls, since WhatsApp's own listen to the same events. Its source goes into the page.
 * @returns whether the library listens to `event`, and calls this function of its then
 */
export function noteListeners(
  need: Need,
  onLibrary: (owner: string, hooks: LibraryHooks) => void,
): (event: string, calls: string) => boolean {
  const heard = new Map<string, string[]>();
  const noted = new WeakSet<object>();

  onLibrary('listeners', {
    injected() {
      const messages = need('WAWebCollections')?.Msg;
      const original = messages?.on;
      if (!messages || !original || noted.has(messages)) return;
      noted.add(messages);
      const noting: typeof original = function (this: unknown, event, listener, ...rest: unknown[]): void {
        heard.set(event, [...(heard.get(event) ?? []), String(listener)]);
        return Reflect.apply(original, this, [event, listener, ...rest]);
      };
      Object.defineProperty(messages, 'on', { value: noting, configurable: true, writable: true });
    },
  });

  return (event, calls) => heard.get(event)?.some((source) => source.includes(calls)) === true;
}

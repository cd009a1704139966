import type { RepairContext } from '../repair-context.ts';

/**
 * The library spreads what the page made of a file into the message to be sent. Since September 2026 that has an id of
 * its own, under the model's private name, and the message loses its id by it. A file's id is of no use in a message,
 * under whichever of the names.
 */
export function repairMediaId({ report, onLibrary }: RepairContext): void {
  const names = ['__x_id', 'id'];
  onLibrary({
    wrap: {
      processMediaData: (original) => async (media, options) => {
        const made = await original(media, options);
        if (typeof made !== 'object' || made === null) return made;
        const removed = names.filter((name) => Object.keys(made).includes(name) && Reflect.deleteProperty(made, name));
        const toJson: unknown = Reflect.get(made, 'toJSON');
        if (typeof toJson === 'function') {
          // Spread as well, after the model itself.
          const value = (...rest: unknown[]): object => {
            const plain: object = { ...Reflect.apply(toJson, made, rest) };
            for (const name of names) Reflect.deleteProperty(plain, name);
            return plain;
          };
          Object.defineProperty(made, 'toJSON', { value, configurable: true, writable: true });
        }
        if (removed.length > 0) report({ applied: true, how: `without ${removed.join(', ')}` });
        return made;
      },
    },
  });
}

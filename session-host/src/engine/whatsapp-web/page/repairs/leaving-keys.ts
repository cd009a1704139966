import type { RepairContext } from '../repair-context.ts';

/**
 * A getter on a class is lost where a key is copied or leaves the page: only own properties cross. So each key in what
 * the library hands to the host gets its text as own `_serialized`, on a copy: the page's own objects are left as they
 * are.
 */
export function repairLeavingKeys({ report, onLibrary }: RepairContext): void {
  const deepest = 6;
  let count = 0;

  const textOfId = (id: unknown): string => {
    if (typeof id !== 'object' || id === null) return String(id);
    const text: unknown = Reflect.get(id, '_serialized');
    return typeof text === 'string' ? text : String(id);
  };

  const isKey = (value: object): boolean =>
    typeof Reflect.get(value, 'id') === 'string' &&
    typeof Reflect.get(value, 'fromMe') === 'boolean' &&
    Boolean(Reflect.get(value, 'remote'));

  const textOfKey = (key: object): string => {
    const parts = ['fromMe', 'remote', 'id'].map((name) => textOfId(Reflect.get(key, name)));
    const start = parts.join('_');
    const kept = [Reflect.get(key, '_serialized'), ...Object.values(key), String(key)].find(
      (value): value is string => typeof value === 'string' && value.startsWith(start),
    );
    if (kept !== undefined) return kept;
    const more = ['self', 'participant'].map((name): unknown => Reflect.get(key, name)).filter(Boolean);
    return [...parts, ...more.map(textOfId)].join('_');
  };

  const withOwnText = (value: unknown, depth: number): unknown => {
    if (typeof value !== 'object' || value === null || depth > deepest) return value;
    if (Array.isArray(value)) {
      const items: unknown[] = value.map((item: unknown) => withOwnText(item, depth + 1));
      return items.some((item, place) => item !== value[place]) ? items : value;
    }
    if (isKey(value)) {
      if (Object.hasOwn(value, '_serialized')) return value;
      count += 1;
      return { ...value, _serialized: textOfKey(value) };
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return value;
    const changed = Object.entries(value).flatMap(([name, item]: [string, unknown]) => {
      const after = withOwnText(item, depth + 1);
      return after === item ? [] : [[name, after] as const];
    });
    return changed.length === 0 ? value : { ...value, ...Object.fromEntries(changed) };
  };

  const leave = (result: unknown): unknown => {
    const before = count;
    const left = withOwnText(result, 0);
    if (before === 0 && count > 0) report({ applied: true, how: 'own _serialized on copies' });
    return left;
  };

  onLibrary({
    wrap: {
      getMessageModel: (original) => (message) => leave(original(message)),
      getChatModel: (original) => async (chat, options) => leave(await original(chat, options)),
    },
    injected: () => report({ applied: false, how: 'no key left the page without its text yet' }),
  });
}

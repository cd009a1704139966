import type { LibraryFunction, LibraryHooks, PreludeWindow } from './repair-context.ts';

/**
 * Notices when the library assigns `window.WWebJS`, and each function in it. The library looks its functions up anew at
 * each call, so whoever replaces one this early is met by every call. Its source goes into the page.
 * @param onError a hook threw; the library and other hooks go on
 */
export function trapLibrary(
  onError: (owner: string, error: unknown) => void,
): (owner: string, hooks: LibraryHooks) => void {
  const page = globalThis as unknown as PreludeWindow;
  const all: { owner: string; hooks: LibraryHooks }[] = [];
  let library: Record<string, LibraryFunction> | undefined;

  const wrapped = (name: string, original: LibraryFunction): LibraryFunction =>
    all.reduce((inner, { owner, hooks }) => {
      const wrap = hooks.wrap?.[name];
      if (!wrap) return inner;
      try {
        return wrap(inner);
      } catch (error) {
        onError(owner, error);
        return inner;
      }
    }, original);

  const trapFunctions = (target: Record<string, LibraryFunction>): void => {
    const names = new Set(all.flatMap(({ hooks }) => Object.keys(hooks.wrap ?? {})));
    for (const name of names) {
      let current: LibraryFunction | undefined = target[name];
      Object.defineProperty(target, name, {
        configurable: true,
        enumerable: true,
        get: () => current,
        set(value: LibraryFunction) {
          current = typeof value === 'function' ? wrapped(name, value) : value;
        },
      });
    }
  };

  Object.defineProperty(page, 'WWebJS', {
    configurable: true,
    enumerable: true,
    get: () => library,
    set(value: Record<string, LibraryFunction> | undefined) {
      library = value;
      if (typeof value !== 'object' || value === null) return;
      trapFunctions(value);
      for (const { owner, hooks } of all) {
        try {
          hooks.injected?.();
        } catch (error) {
          onError(owner, error);
        }
      }
    },
  });

  return (owner, hooks) => {
    all.push({ owner, hooks });
  };
}

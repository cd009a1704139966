import type { RepairContext } from '../repair-context.ts';

/**
 * The library reads a key's text as `_serialized`. Since July 2026 WhatsApp's page keeps it as another own property
 * (`$1` at first), so by name it is found by nobody. A key made from known parts shows what this page has: where it has
 * no `_serialized`, the class gets a getter that answers as `toString()` does. What is there stays as it is: the page
 * itself reads it. The same for the ids of people, should they change too.
 */
export function repairMessageKeys({ need, report, onLibrary }: RepairContext): void {
  const named = '_serialized';
  const everyMs = 100;
  const tries = 600;

  /** @returns what was done, undefined when there is nothing to do */
  const repairClass = (sample: object, text: string): string | undefined => {
    if (Reflect.get(sample, named) === text) return undefined;
    const alias = Object.getOwnPropertyNames(sample).find((name) => Reflect.get(sample, name) === text);
    const prototype: unknown = Object.getPrototypeOf(sample);
    if (typeof prototype !== 'object' || prototype === null || prototype === Object.prototype)
      throw new Error('the sample has no class');
    Object.defineProperty(prototype, named, {
      configurable: true,
      get(this: object) {
        return String(this);
      },
      // A class that comes to assign it again keeps its own.
      set(this: object, value: unknown) {
        Object.defineProperty(this, named, { value, writable: true, enumerable: true, configurable: true });
      },
    });
    return alias === undefined ? 'toString' : `own "${alias}"`;
  };

  /** Modules register one after the other: a page in sync may not have these yet. */
  const repair = (left: number): void => {
    const wid = need('WAWebWidFactory')?.createWid?.('12025550123@c.us');
    const exported = need('WAWebMsgKey');
    const Key = exported?.default ?? exported;
    if (!wid || !Key) {
      report({ applied: false, how: 'failed: no WAWebWidFactory.createWid or WAWebMsgKey' });
      if (left > 0) setTimeout(() => repair(left - 1), everyMs);
      return;
    }
    const done: string[] = [];
    const ofWid = repairClass(wid, '12025550123@c.us');
    if (ofWid !== undefined) done.push(`Wid by ${ofWid}`);
    const id = '3EB00000000000000000';
    const ofKey = repairClass(new Key({ fromMe: true, remote: wid, id }), `true_12025550123@c.us_${id}`);
    if (ofKey !== undefined) done.push(`MsgKey by ${ofKey}`);
    report({ applied: done.length > 0, how: done.length > 0 ? done.join(', ') : 'keys have _serialized' });
  };

  // Never earlier: a key can't be made before the page knows whose it is.
  onLibrary({ injected: () => repair(tries) });
}

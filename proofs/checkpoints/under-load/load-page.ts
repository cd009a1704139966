import { openTestBrowser } from '@top-active/session-host/checkpoint/test-browser';

/**
 * Writes transactions as fast as it is let: each sets `head` to its number and six records of one slot to the same
 * number, with filling that makes LevelDB write tables, and at times a blob. So the content of the database tells
 * whether it is what it was after some transaction: a hole or half a transaction can't hide.
 */
const script = `
  const slots = 40, records = 6;
  const filling = () => crypto.getRandomValues(new Uint8Array(2000));
  const opened = new Promise((resolve, reject) => {
    const request = indexedDB.open('load', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('records');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  window.acknowledged = 0;
  window.load = async (from, everyMs) => {
    const database = await opened;
    const write = (n) => {
      const transaction = database.transaction('records', 'readwrite');
      const store = transaction.objectStore('records');
      store.put(n, 'head');
      for (let i = 0; i < records; i++) store.put({ n, filling: filling() }, 'slot ' + (n % slots) + ' ' + i);
      if (n % 25 === 0) store.put({ n, blob: new Blob([String(n).repeat(20000)]) }, 'blob');
      transaction.oncomplete = () => {
        window.acknowledged = n;
        setTimeout(write, everyMs, n + 1);
      };
    };
    write(from);
  };
  const get = (store, key) => new Promise((resolve, reject) => {
    const request = store.get(key);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  window.inspect = async () => {
    const store = (await opened).transaction('records').objectStore('records');
    const head = (await get(store, 'head')) ?? 0;
    const problems = [];
    const check = (what, found, period, offset) => {
      const expected = Math.max(0, head - ((head - offset) % period + period) % period);
      if ((found?.n ?? 0) !== expected) problems.push(what + ' is of ' + found?.n + ' instead of ' + expected);
    };
    for (let slot = 0; slot < slots; slot++)
      for (let i = 0; i < records; i++)
        check('record ' + i + ' of slot ' + slot, await get(store, 'slot ' + slot + ' ' + i), slots, slot);
    const blob = await get(store, 'blob');
    check('the blob', blob, 25, 0);
    if (blob && (await blob.blob.text()) !== String(blob.n).repeat(20000)) problems.push('the blob has another content');
    return { head, problems };
  };
`;

interface Inspection {
  /** Number of the newest transaction. */
  head: number;
  /** What isn't as it was after that transaction. */
  problems: string[];
}

/** A browser on a profile, with a page under WhatsApp's address that writes and inspects a database. */
export interface LoadPage {
  /** Begins to write transactions. */
  load(options: { from: number; everyMs: number }): Promise<void>;
  /** Number of the newest transaction that is complete, as the page knows. */
  acknowledged(): Promise<number>;
  inspect(): Promise<Inspection>;
  /** As a crash would. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

export async function openLoadPage(profileDir: string): Promise<LoadPage> {
  const browser = await openTestBrowser(profileDir, script);
  return {
    async load({ from, everyMs }) {
      await browser.evaluate(`void load(${from}, ${everyMs})`);
    },
    acknowledged: async () => Number(await browser.evaluate('acknowledged')),
    inspect: async () => readInspection(await browser.evaluate('inspect()')),
    kill: () => browser.kill(),
    close: () => browser.close(),
  };
}

function readInspection(value: unknown): Inspection {
  if (typeof value !== 'object' || value === null || !('head' in value) || !('problems' in value))
    throw new Error('The page did not answer as it should');
  return { head: Number(value.head), problems: Array.isArray(value.problems) ? value.problems.map(String) : [] };
}

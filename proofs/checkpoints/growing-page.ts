import { openTestBrowser } from '@top-active/session-host/checkpoint/test-browser';

/**
 * Per message three records of 2.5 kB in one transaction, which is what the simulated WhatsApp Web writes: the message
 * for good, its chat and a key of its chat in place of those before. Half of each can't be compressed.
 */
const script = `
  const opened = new Promise((resolve, reject) => {
    const request = indexedDB.open('growing', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('records');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const bytes = (length) => crypto.getRandomValues(new Uint8Array(length));
  const text = (length) => 'Bom dia, queria marcar um horário. '.repeat(Math.ceil(length / 35)).slice(0, length);
  let written = 0;
  window.write = async (count, atOnce) => {
    const database = await opened;
    for (let left = count; left > 0; left -= atOnce)
      await new Promise((resolve, reject) => {
        const transaction = database.transaction('records', 'readwrite');
        const store = transaction.objectStore('records');
        for (let i = 0; i < Math.min(left, atOnce); i++, written++) {
          store.put({ written, text: text(500), sealed: bytes(500) }, 'message ' + Math.random() + written);
          store.put({ written, text: text(250), sealed: bytes(250) }, 'chat ' + (written % 50));
          store.put({ written, sealed: bytes(500), text: text(500) }, 'key ' + (written % 50));
        }
        transaction.oncomplete = resolve;
        transaction.onerror = () => reject(transaction.error);
      });
  };
`;

export interface GrowingPage {
  /** Writes as many messages, one transaction each. */
  write(messages: number): Promise<void>;
  /** The same in large transactions, to have a large profile soon. */
  fill(messages: number): Promise<void>;
  close(): Promise<void>;
}

export async function openGrowingPage(profileDir: string): Promise<GrowingPage> {
  const browser = await openTestBrowser(profileDir, script);
  return {
    async write(messages) {
      await browser.evaluate(`write(${messages}, 1)`);
    },
    async fill(messages) {
      await browser.evaluate(`write(${messages}, 50)`);
    },
    close: () => browser.close(),
  };
}

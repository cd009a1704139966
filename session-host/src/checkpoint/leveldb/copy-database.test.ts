import { access, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, type Browser } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { contentsOf } from '../session-files.ts';
import { copyDatabase } from './copy-database.ts';
import { logNumber, tableNumber } from './file-names.ts';
import { parseLog } from './log-format.ts';
import { verifyDatabase } from './verify-database.ts';

/** Writes to IndexedDB as fast as it can, in records large enough for LevelDB to make tables. */
const page = `<!doctype html><script>
  const open = indexedDB.open('load', 1);
  open.onupgradeneeded = () => open.result.createObjectStore('records');
  window.written = 0;
  open.onsuccess = () => {
    const write = () => {
      const transaction = open.result.transaction('records', 'readwrite');
      for (let i = 0; i < 5; i++)
        transaction.objectStore('records').put(crypto.getRandomValues(new Uint8Array(4000)), window.written++ % 500);
      transaction.oncomplete = () => setTimeout(write);
    };
    write();
  };
</script>`;

const server = createServer((_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(page));
let profile: string;
let browser: Browser;
let folder: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  profile = await mkdtemp(join(tmpdir(), 'copy-database-'));
  browser = await launch({
    executablePath: '/usr/lib/chromium/chromium-headless-shell',
    headless: 'shell',
    userDataDir: profile,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-dev-shm-usage'],
    env: { HOME: profile, PATH: '/usr/bin:/bin' },
  });
  const [tab] = await browser.pages();
  const port = portOf(server);
  await tab?.goto(`http://127.0.0.1:${port}/`);
  folder = join(profile, `Default/IndexedDB/http_127.0.0.1_${port}.indexeddb.leveldb`);
  await vi.waitFor(() => access(join(folder, 'CURRENT')), 10_000);
});

function portOf(listening: Server): number {
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen');
  return address.port;
}

afterAll(async () => {
  await browser.close();
  server.close();
  await rm(profile, { recursive: true, force: true, maxRetries: 5 });
});

describe('copying a database that Chromium writes', () => {
  it('makes only intact copies, each going on where the one before ended', async () => {
    let tables = 0;
    let lastSequence = 0;
    for (let i = 0; i < 40; i++) {
      const copy = contentsOf(await copyDatabase(folder));
      expect(verifyDatabase(copy)).toEqual([]);
      const names = [...copy.keys()];
      tables = Math.max(tables, names.filter((name) => tableNumber(name) !== undefined).length);
      const sequence = newestSequence(copy) ?? lastSequence;
      expect(sequence).toBeGreaterThanOrEqual(lastSequence);
      lastSequence = sequence;
    }
    // Otherwise the load was too light to show anything.
    expect(tables).toBeGreaterThan(0);
    expect(lastSequence).toBeGreaterThan(1000);
  });
});

/** Of the newest batch in the newest log, undefined when that log is empty. */
function newestSequence(copy: ReadonlyMap<string, Buffer>): number | undefined {
  const logs = [...copy.keys()].filter((name) => logNumber(name) !== undefined).toSorted();
  const batch = parseLog(copy.get(logs.at(-1) ?? '') ?? Buffer.alloc(0)).records.at(-1);
  return batch && Number(batch.readBigUInt64LE(0));
}

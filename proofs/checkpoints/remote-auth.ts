import { copyFile, mkdir, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import whatsappWeb from 'whatsapp-web.js';

/** The library's own way to keep a session elsewhere: a zip of the profile, once a minute at most. */
export interface LibraryBackup {
  /** Where the library wants the profile to be. */
  profileDir: string;
  /** @returns bytes that went to the store */
  save(): Promise<number>;
}

/** What the library's types leave out. */
interface RemoteAuthInside {
  client: { options: { puppeteer: object } };
  userDataDir: string;
  beforeBrowserInitialized(): Promise<void>;
  storeRemoteSession(): Promise<void>;
}

/** RemoteAuth with a store that is a folder, as durable as a checkpoint. */
export async function createLibraryBackup(dataPath: string): Promise<LibraryBackup> {
  const remote = join(dataPath, 'remote');
  await mkdir(remote, { recursive: true });
  let bytes = 0;
  const store = {
    sessionExists: () => false,
    delete: () => undefined,
    extract: () => undefined,
    async save({ session }: { session: string }) {
      const target = join(remote, `${session}.zip`);
      await copyFile(join(dataPath, `${session}.zip`), target);
      const file = await open(target, 'r+');
      await file.sync();
      await file.close();
      bytes = (await stat(target)).size;
    },
  };
  const auth = new whatsappWeb.RemoteAuth({ store, clientId: 'bench', dataPath, backupSyncIntervalMs: 60_000 });
  if (!isInside(auth)) throw new Error('RemoteAuth is not what it was in this version of whatsapp-web.js');
  auth.client = { options: { puppeteer: {} } };
  await auth.beforeBrowserInitialized();
  return {
    profileDir: auth.userDataDir,
    async save() {
      await auth.storeRemoteSession();
      return bytes;
    },
  };
}

function isInside(auth: object): auth is RemoteAuthInside {
  return 'storeRemoteSession' in auth && 'beforeBrowserInitialized' in auth;
}

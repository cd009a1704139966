import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { buildApp } from 'fauxqs';
import { z } from 'zod';

type BuildOptions = NonNullable<Parameters<typeof buildApp>[0]>;
export type FauxqsStores = NonNullable<BuildOptions['stores']>;

/** What fauxqs keeps its state with. */
export interface FauxqsPersistence {
  load(sqs: FauxqsStores['sqsStore'], sns: FauxqsStores['snsStore'], s3: FauxqsStores['s3Store']): void;
  updateMessageReady(messageId: string): void;
  close(): void;
}

export interface FauxqsInternals {
  SqsStore: new () => FauxqsStores['sqsStore'];
  SnsStore: new () => FauxqsStores['snsStore'];
  S3Store: new () => FauxqsStores['s3Store'];
  PersistenceManager: new (dataDir: string) => FauxqsPersistence;
}

/**
 * The classes that fauxqs is made of. Its own `startFauxqs` cannot be used: it listens on every network interface,
 * whatever host it is given. The version is pinned exactly, and a class that is missing is an error.
 */
export async function loadFauxqsInternals(): Promise<FauxqsInternals> {
  return {
    SqsStore: await load('sqs/sqsStore.js', 'SqsStore'),
    SnsStore: await load('sns/snsStore.js', 'SnsStore'),
    S3Store: await load('s3/s3Store.js', 'S3Store'),
    PersistenceManager: await load('persistence.js', 'PersistenceManager'),
  };
}

async function load<Class>(file: string, name: string): Promise<Class> {
  const manifest = findPackageJSON('fauxqs', import.meta.url);
  if (manifest === undefined) throw new Error('The package fauxqs is not installed.');
  const module: unknown = await import(pathToFileURL(join(dirname(manifest), 'dist', file)).href);
  const isClass = z.custom<Class>((value) => typeof value === 'function', `fauxqs has no class ${name} in ${file}`);
  return isClass.parse(new Map(Object.entries(Object(module))).get(name));
}

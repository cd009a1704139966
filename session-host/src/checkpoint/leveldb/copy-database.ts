import { open, readFile, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stampOf, type CopiedFile, type Stamps } from '../copied-file.ts';
import { logNumber, manifestName, tableNumber } from './file-names.ts';
import { parseLog } from './log-format.ts';
import { readManifest } from './manifest.ts';

const maxTries = 50;
const pauseMs = 20;

/** The database was changing during every try, or isn't one. */
export class CopyError extends Error {
  override readonly name = 'CopyError';
}

class TryAgain extends Error {
  override readonly name = 'TryAgain';
}

/**
 * Copies a LevelDB database that another process is writing, such that the copy is what the database was at one moment.
 *
 * Tables never change once the manifest names them, so order is what matters: manifest first, then all live tables and
 * logs are opened, and only if neither manifest nor CURRENT has moved by then are they read. An open file stays
 * readable after its deletion. The newest log is cut at its last complete record: Chromium would append after a torn
 * one and lose everything from there at the next start.
 * @param known of tables that needn't be read again
 * @throws {CopyError}
 */
export async function copyDatabase(folder: string, known: Stamps = new Map()): Promise<Map<string, CopiedFile>> {
  let reason = '';
  for (let attempt = 1; attempt <= maxTries; attempt++) {
    const handles: FileHandle[] = [];
    try {
      return await tryCopy({ folder, handles, known });
    } catch (error) {
      const vanished = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!vanished && !(error instanceof TryAgain)) throw error;
      reason = error.message;
    } finally {
      await Promise.all(handles.map((handle) => handle.close()));
    }
    await delay(pauseMs);
  }
  throw new CopyError(`No consistent copy after ${maxTries} tries: ${reason}`);
}

async function tryCopy({
  folder,
  handles,
  known,
}: {
  folder: string;
  handles: FileHandle[];
  known: Stamps;
}): Promise<Map<string, CopiedFile>> {
  const openFile = async (name: string) => {
    const handle = await open(join(folder, name), 'r');
    handles.push(handle);
    return handle;
  };

  const current = await readFile(join(folder, 'CURRENT'), 'latin1');
  const currentManifest = manifestName(current);
  if (currentManifest === undefined) throw new TryAgain('CURRENT is being written');
  const manifestHandle = await openFile(currentManifest);
  const manifestSize = (await manifestHandle.stat()).size;
  const manifestFile = await readUpTo(manifestHandle, manifestSize);
  const manifestLog = parseLog(manifestFile);
  if (manifestLog.tail !== 'clean') throw new TryAgain('manifest is being written');
  const manifest = readManifest(manifestLog.records);

  const names = await readdir(folder);
  const tableNames = new Map(names.map((name) => [tableNumber(name), name]));
  const tables: { name: string; size: number; stamp: string | undefined; handle: FileHandle }[] = [];
  for (const [number, size] of manifest.tables) {
    const name = tableNames.get(number);
    if (name === undefined) throw new TryAgain('a table is missing');
    const handle = await openFile(name);
    const stats = await handle.stat({ bigint: true });
    if (Number(stats.size) !== size) throw new TryAgain('a table has another size');
    tables.push({ name, size, stamp: stampOf(stats), handle });
  }
  const logNames = names
    .map((name) => ({ name, number: logNumber(name) ?? -1 }))
    .filter(({ number }) => number >= 0)
    .filter(({ number }) => number >= manifest.logNumber || number === manifest.previousLogNumber)
    .toSorted((a, b) => b.number - a.number);
  if (logNames.length === 0) throw new TryAgain('no log');
  const logs: { name: string; handle: FileHandle }[] = [];
  for (const { name } of logNames) logs.push({ name, handle: await openFile(name) });

  if (
    (await manifestHandle.stat()).size !== manifestSize ||
    (await readFile(join(folder, 'CURRENT'), 'latin1')) !== current
  )
    throw new TryAgain('the version has moved');

  const copy = new Map<string, CopiedFile>([
    ['CURRENT', whole(Buffer.from(current, 'latin1'))],
    [currentManifest, whole(manifestFile)],
  ]);
  // Newest first: what a newer log holds was written after all of an older one.
  for (const [index, { name, handle }] of logs.entries()) {
    const file = await readUpTo(handle, (await handle.stat()).size);
    const { end, tail } = parseLog(file);
    if (tail === 'corrupt') throw new TryAgain('a log has a bad checksum');
    if (index > 0 && tail !== 'clean') throw new TryAgain('an older log is incomplete');
    copy.set(name, whole(file.subarray(0, end)));
  }
  for (const { name, size, stamp, handle } of tables) {
    const isKnown = stamp !== undefined && known.get(name) === stamp;
    copy.set(name, {
      size,
      ...(stamp !== undefined && { stamp }),
      ...(!isKnown && { content: await readUpTo(handle, size) }),
    });
  }
  return copy;
}

function whole(content: Buffer): CopiedFile {
  return { size: content.length, content };
}

async function readUpTo(handle: FileHandle, size: number): Promise<Buffer> {
  const bytes = Buffer.alloc(size);
  let offset = 0;
  while (offset < size) {
    const { bytesRead } = await handle.read(bytes, offset, size - offset, offset);
    if (bytesRead === 0) break;
    offset += bytesRead;
  }
  return bytes.subarray(0, offset);
}

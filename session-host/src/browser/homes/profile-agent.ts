// Runs as a browser's user: copies the session out of its profile (`copy`, with stamps on standard input of what
// needn't be read again), or makes a profile from what comes there (`restore`). It starts for each single task, so it
// imports little. What it copies is sealed by the host.
import { mkdir } from 'node:fs/promises';
import { buffer, text } from 'node:stream/consumers';
import { contentsOf, copySessionFiles, writeSessionFiles } from '../../checkpoint/session-files.ts';
import { readStamps, readStream, writeStream } from '../../checkpoint/session-stream.ts';

const [verb, profileDir = ''] = process.argv.slice(2);
if (verb === 'copy') {
  process.stdout.write(writeStream(await copySessionFiles(profileDir, readStamps(await text(process.stdin)))));
} else if (verb === 'restore') {
  const copy = readStream(await buffer(process.stdin));
  await mkdir(profileDir, { mode: 0o700 });
  if (copy) await writeSessionFiles(contentsOf(copy), profileDir);
} else {
  throw new Error('Usage: profile-agent copy|restore <profile folder>');
}

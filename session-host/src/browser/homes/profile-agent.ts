// Runs as a browser's user: copies the session out of its profile (`copy`), or makes a profile from what comes on standard input (`restore`).
// It starts for each single task, so it imports little. What it copies is sealed by the host.
import { mkdir } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { copySessionFiles, writeSessionFiles } from '../../checkpoint/session-files.ts';
import { readStream, writeStream } from '../../checkpoint/session-stream.ts';

const [verb, profileDir = ''] = process.argv.slice(2);
if (verb === 'copy') {
  process.stdout.write(writeStream(await copySessionFiles(profileDir)));
} else if (verb === 'restore') {
  const files = readStream(await buffer(process.stdin));
  await mkdir(profileDir, { mode: 0o700 });
  if (files) await writeSessionFiles(files, profileDir);
} else {
  throw new Error('Usage: profile-agent copy|restore <profile folder>');
}

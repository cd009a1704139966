// Saves a profile as a host does, in a process of its own, so that a test can stop it at any moment. Arguments:
// profile, folder of checkpoints. Each line of standard input is a folder: a checkpoint is taken, loaded by a store
// that knows nothing of it, and restored there; the answer is a line of JSON.
import { createSecretKey } from 'node:crypto';
import { createInterface } from 'node:readline';
import { createCheckpointStore } from '@top-active/session-host/checkpoint/checkpoint-store';
import { stampsOf, type Stamps } from '@top-active/session-host/checkpoint/copied-file';
import { copySessionFiles, writeSessionFiles } from '@top-active/session-host/checkpoint/session-files';
import { takeSnapshot } from '@top-active/session-host/checkpoint/snapshot';
import { createTestBox, createTestPointer } from '@top-active/session-host/checkpoint/test-stores';

const [profileDir = '', folder = ''] = process.argv.slice(2);
const userId = '6f1e6f0e-2f6b-4a53-9d2e-0d0f6a1f7c11';
const secrets = createTestBox(createSecretKey(Buffer.alloc(32, 7)));
const pointer = createTestPointer();
const alarms: string[] = [];
const ignore = () => undefined;
const log = { debug: ignore, info: ignore, warn: ignore, error: (message: string) => alarms.push(message) };
const options = { folder, userId, epoch: 1, secrets, pointer, chromiumVersion: '1', log };
const store = createCheckpointStore(options);

let stamps: Stamps = new Map();

function copySession(known: Stamps) {
  return copySessionFiles(profileDir, known);
}

async function save(): Promise<void> {
  const held = await store.held();
  const known = new Map([...stamps].filter(([path]) => held.has(path)));
  const snapshot = await takeSnapshot({ copySession, known, localStorage: {}, chromiumVersion: 'any' });
  if (!snapshot) throw new Error('Nothing is stored yet');
  bytes = (await store.save(snapshot)).bytes;
  stamps = stampsOf(snapshot.files);
}

let bytes = 0;
for await (const target of createInterface({ input: process.stdin })) {
  const begun = performance.now();
  await save();
  const ms = Math.round(performance.now() - begun);
  const loaded = await createCheckpointStore(options).loadNewest();
  if (loaded) await writeSessionFiles(loaded.snapshot.files, target);
  process.stdout.write(`${JSON.stringify({ isLoaded: loaded !== undefined, ms, bytes, alarms: alarms.splice(0) })}\n`);
}

import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { z } from 'zod';
import { sessionPath } from './session-files.ts';
import { SnapshotError } from './snapshot.ts';

const magic = Buffer.from('TACP0002', 'latin1');
const uint32 = 4;
/** Larger than any profile; what is longer isn't ours. */
const maxSize = 1024 * 1024 * 1024;

const whole = z.int().min(0);
const chunkSchema = z.object({
  /** The generation in whose pack it stands, and where in the contents there. */
  generation: whole,
  offset: whole,
  size: whole,
  sha256: z.string(),
});
const fileSchema = z.object({ path: z.string().regex(sessionPath), chunks: z.array(chunkSchema) });
const manifestSchema = z.object({
  version: z.literal(2),
  takenAt: z.iso.datetime(),
  chromiumVersion: z.string(),
  localStorage: z.record(z.string(), z.string()),
  files: z.array(fileSchema),
});

export type StoredChunk = z.infer<typeof chunkSchema>;
export type StoredFile = z.infer<typeof fileSchema>;
/** All that a generation consists of, wherever it is stored. */
export type Manifest = z.infer<typeof manifestSchema>;

/** What one generation adds: its manifest, and the contents that no pack before it has, one after the other. */
export interface Pack {
  manifest: Manifest;
  contents: Buffer;
}

/** Magic, length of the manifest (uint32, little endian), manifest (JSON), contents; all deflated. */
export async function encodePack({ manifest, contents }: Pack): Promise<Buffer> {
  const header = Buffer.from(JSON.stringify(manifest));
  const length = Buffer.alloc(uint32);
  length.writeUInt32LE(header.length);
  return promisify(deflateRaw)(Buffer.concat([magic, length, header, contents]), { level: 1 });
}

/** @throws {SnapshotError} for anything that `encodePack` doesn't make */
export async function decodePack(encoded: Buffer): Promise<Pack> {
  const plain = await inflate(encoded);
  const start = magic.length + uint32;
  if (plain.length < start || !plain.subarray(0, magic.length).equals(magic))
    throw new SnapshotError('Not a checkpoint');
  const end = start + plain.readUInt32LE(magic.length);
  return { manifest: readManifest(plain.subarray(start, end)), contents: plain.subarray(end) };
}

async function inflate(encoded: Buffer): Promise<Buffer> {
  try {
    return await promisify(inflateRaw)(encoded, { maxOutputLength: maxSize });
  } catch (error) {
    throw new SnapshotError('The checkpoint is not packed as it should be', { cause: error });
  }
}

function readManifest(bytes: Buffer): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(bytes.toString()));
  } catch (error) {
    throw new SnapshotError('The manifest of the checkpoint is unreadable', { cause: error });
  }
}

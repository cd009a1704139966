/** Where a secret lives. It can be opened nowhere else. */
export interface SecretContext {
  table: string;
  pk: string;
  sk: string;
  field: string;
  version: number;
}

/**
 * One byte string per context, for GCM's additional data. Each part carries its length (4 bytes, big-endian) in front,
 * so that no two contexts run into each other (`a|bc` and `ab|c`).
 */
export function encodeContext(context: SecretContext): Buffer {
  if (!Number.isSafeInteger(context.version) || context.version < 0) throw new RangeError('version is no whole number');
  const parts = [context.table, context.pk, context.sk, context.field, String(context.version)];
  return Buffer.concat(parts.flatMap((part) => [lengthOf(part), Buffer.from(part, 'utf8')]));
}

function lengthOf(part: string): Buffer {
  // A lone surrogate would encode like U+FFFD, and with it like another context.
  if (!part.isWellFormed()) throw new RangeError('context contains a lone surrogate');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(part, 'utf8'));
  return length;
}

import type { IncomingMessage } from 'node:http';

/**
 * The whole body; undefined when it is larger than `limitBytes`. It is read to its end in any case: a client in the
 * middle of sending does not see the answer.
 */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes <= limitBytes) chunks.push(part);
  }
  return bytes <= limitBytes ? Buffer.concat(chunks) : undefined;
}

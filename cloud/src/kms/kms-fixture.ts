import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { createKmsEmulator } from './emulator.ts';

export function clientOf(endpoint: string): KMSClient {
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret', sessionToken: 'session' };
  return new KMSClient({ endpoint, region: 'us-east-1', credentials });
}

/** An emulator with a folder of its own, and a client whose calls are signed. */
export async function startTestKms(options: Partial<Parameters<typeof createKmsEmulator>[0]> = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'kms-'));
  const emulator = await createKmsEmulator({ dir, ...options });
  const kms = clientOf(emulator.endpoint);
  return {
    dir,
    emulator,
    endpoint: emulator.endpoint,
    kms,
    async newKey(): Promise<{ id: string; arn: string }> {
      const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
      return { id: KeyMetadata?.KeyId ?? '', arn: KeyMetadata?.Arn ?? '' };
    },
    async close(): Promise<void> {
      kms.destroy();
      await emulator.close();
      rmSync(dir, { recursive: true });
    },
  };
}

export type TestKms = Awaited<ReturnType<typeof startTestKms>>;

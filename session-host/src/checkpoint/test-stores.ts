import type { KeyObject } from 'node:crypto';
import type { CheckpointPointer, CheckpointPointerStore, SecretBox } from '@top-active/aws';
import { openEnvelope, sealEnvelope } from '@top-active/core/crypto';

/** Seals as the real one does, with a key of the test's own. */
export function createTestBox(key: KeyObject): SecretBox {
  const seal: SecretBox['seal'] = async (_purpose, context, plaintext) =>
    sealEnvelope({ key, context, plaintext: Buffer.from(plaintext) });
  return {
    seal,
    sealOnly: seal,
    open: async (_purpose, context, envelope) => openEnvelope({ key, context, envelope }),
    forget: async () => {},
    shred: async () => {},
  };
}

/** The rules of the one in DynamoDB, which has tests of its own. */
export function createTestPointer(): CheckpointPointerStore & { at: CheckpointPointer | undefined } {
  const pointer: CheckpointPointerStore & { at: CheckpointPointer | undefined } = {
    at: undefined,
    get: async () => pointer.at,
    async move(to) {
      const { at } = pointer;
      if (at && (at.epoch > to.epoch || (at.epoch === to.epoch && at.generation > to.generation))) return false;
      pointer.at = to;
      return true;
    },
  };
  return pointer;
}

import type { SecretBox } from '@top-active/aws';
import { partitionOf } from '@top-active/aws/items/keys';
import type { UserId } from '@top-active/core/contracts';
import { fileNameOf, type CheckpointName } from './checkpoint-name.ts';
import type { PackFolder } from './pack-folder.ts';
import { decodePack, encodePack, type Pack } from './pack.ts';
import { SnapshotError } from './snapshot.ts';

/** One user's packs, each sealed for its place: it can't be opened for another user, nor as another generation. */
export interface SealedPacks {
  /** Returns the size of its file, in bytes. */
  write(name: CheckpointName, pack: Pack): Promise<number>;
  /** @throws {SnapshotError} when it is missing; {EnvelopeError} when it isn't what was sealed for this place */
  open(name: CheckpointName): Promise<Pack>;
}

export function createSealedPacks(options: { packs: PackFolder; userId: UserId; secrets: SecretBox }): SealedPacks {
  const { packs, userId, secrets } = options;

  return {
    async write(name, pack) {
      const sealed = await secrets.seal('whatsapp', contextOf(userId, name), await encodePack(pack));
      await packs.write(name, sealed);
      return sealed.length;
    },
    async open(name) {
      const sealed = await packs.read(name);
      if (!sealed) throw new SnapshotError(`${fileNameOf(name)} is missing`);
      return decodePack(await secrets.open('whatsapp', contextOf(userId, name), sealed));
    },
  };
}

function contextOf(userId: UserId, { epoch, base, generation }: CheckpointName) {
  return {
    table: 'checkpoints',
    pk: partitionOf(userId),
    sk: `EPOCH#${epoch}#BASE#${base}#GENERATION#${generation}`,
    field: 'pack',
    version: 2,
  };
}

import type { Erasures } from '@top-active/aws';

/**
 * Has everybody with a tombstone erased once more, since a restore may have brought them back. The function `erasure`
 * does the work within minutes; hosts start when `erasures.open()` names nobody who was complete before.
 * @returns how many
 */
export async function reopenErasures(erasures: Erasures): Promise<number> {
  const tombstones = await erasures.tombstones();
  for (const { userId } of tombstones) await erasures.reopen(userId);
  return tombstones.length;
}

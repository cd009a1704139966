import { EnvelopeError } from '@top-active/core/crypto';
import { fileNameOf, type CheckpointName } from './checkpoint-name.ts';
import { loadSnapshot } from './load-snapshot.ts';
import { NewerBrowserError, refuseNewerBrowser } from './newer-browser.ts';
import type { Pack } from './pack.ts';
import type { SealedPacks } from './sealed-packs.ts';
import { SnapshotError, type Snapshot } from './snapshot.ts';
import type { TellDamage } from './tell-damage.ts';

/**
 * The first of these checkpoints that is intact. Damaged ones are told, and skipped.
 * @param options.chromiumVersion of the host's own browser
 * @returns undefined: none is
 * @throws {NewerBrowserError} when one is of a newer browser than the host's: older ones would be no way out
 */
export async function openNewest(
  names: readonly CheckpointName[],
  options: { sealed: SealedPacks; chromiumVersion: string; tellDamage: TellDamage },
): Promise<{ generation: number; snapshot: Snapshot } | undefined> {
  const { sealed, chromiumVersion, tellDamage } = options;
  const open = createOpener(sealed);
  for (const name of names) {
    const { generation } = name;
    const openInChain = (each: number) => open({ ...name, generation: each });
    try {
      // Before its files are looked at, which may be of a kind that isn't known here.
      refuseNewerBrowser((await openInChain(generation)).manifest.chromiumVersion, chromiumVersion);
      return { generation, snapshot: await loadSnapshot(generation, openInChain) };
    } catch (error) {
      if (error instanceof NewerBrowserError)
        tellDamage('a checkpoint is of a newer browser, and waits for a host that has it', { generation }, error);
      // Anything else, as keys that can't be had just now, says nothing about the file.
      if (!(error instanceof EnvelopeError) && !(error instanceof SnapshotError)) throw error;
      tellDamage('a checkpoint is damaged and was skipped', { generation }, error);
    }
  }
  return undefined;
}

/** Opens each pack once: generations of one chain share them. */
function createOpener(sealed: SealedPacks): (name: CheckpointName) => Promise<Pack> {
  const opened = new Map<string, Promise<Pack>>();
  return (name) => {
    const file = fileNameOf(name);
    const opening = opened.get(file) ?? sealed.open(name);
    opened.set(file, opening);
    return opening;
  };
}

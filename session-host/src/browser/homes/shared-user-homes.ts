import { access, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { copySessionFiles, writeSessionFiles } from '../../checkpoint/session-files.ts';
import { killGroup } from '../kill-group.ts';
import { killLeftOverBrowsers, readProcessTree, readPss } from '../process-tree.ts';
import type { BrowserHome, BrowserHomes } from './browser-home.ts';

/**
 * Homes under the host's own user: a browser can read what the host can. For a laptop, where the host holds nothing
 * that the person at it doesn't.
 */
export function createSharedUserHomes({
  scratchDir,
  setprivPath,
}: {
  scratchDir: string;
  /**
   * util-linux's setpriv makes a browser die with the host. Where there is none, as elsewhere than on Linux, the next
   * start does it.
   */
  setprivPath: string;
}): BrowserHomes {
  let wrapper: string[] = [];

  return {
    async prepare() {
      const hasSetpriv = await access(setprivPath).then(
        () => true,
        () => false,
      );
      wrapper = hasSetpriv ? [setprivPath, '--pdeathsig', 'KILL', '--'] : [];
      const leftOver = await killLeftOverBrowsers(scratchDir);
      await remove(scratchDir);
      return leftOver;
    },
    async open(files) {
      await mkdir(scratchDir, { recursive: true, mode: 0o700 });
      const profileDir = await mkdtemp(join(scratchDir, 'profile-'));
      try {
        if (files) await writeSessionFiles(files, profileDir);
      } catch (error) {
        // A full disk doesn't get better by what didn't fit.
        await remove(profileDir);
        throw error;
      }
      return {
        profileDir,
        command: ([executable, ...args]) => prepend(wrapper, executable, args),
        copySession: (known) => copySessionFiles(profileDir, known),
        kill: killGroup,
        leave: () => remove(profileDir),
      } satisfies BrowserHome;
    },
    async memoryOf(pids) {
      const tree = await readProcessTree();
      return Promise.all(pids.map((pid) => readPss(pid, tree)));
    },
    async close() {
      await killLeftOverBrowsers(scratchDir);
      await remove(scratchDir);
    },
  };
}

function prepend(
  [first, ...more]: readonly string[],
  executable: string,
  args: readonly string[],
): [string, ...string[]] {
  return first === undefined ? [executable, ...args] : [first, ...more, executable, ...args];
}

/** A browser that was killed may still be leaving. */
async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

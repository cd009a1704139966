import { accessSync } from 'node:fs';

/**
 * A command whose process the kernel kills when its parent is gone. Where there is no setpriv, as elsewhere than on
 * Linux, the command as it is.
 */
export function killWithParent(
  setprivPath: string,
  command: readonly [string, ...string[]],
): readonly [string, ...string[]] {
  try {
    accessSync(setprivPath);
  } catch {
    return command;
  }
  return [setprivPath, '--pdeathsig', 'KILL', '--', ...command];
}

import type { Stamps } from '../../checkpoint/copied-file.ts';
import type { SessionCopy, SessionFiles } from '../../checkpoint/session-files.ts';

/**
 * Where one browser lives: its profile folder, and the user that it runs as. For one browser, from before its start
 * until after its end.
 */
export interface BrowserHome {
  readonly profileDir: string;
  /** Executable and arguments that run `argv` as the browser's user, in such a way that it doesn't outlive the host. */
  command(argv: readonly [string, ...string[]]): [string, ...string[]];
  /**
   * Copies the session out of the profile, whether the browser runs or not; undefined when the page has stored nothing
   * yet.
   * @param known of files that needn't be read again, from an earlier copy
   */
  copySession(known: Stamps): Promise<SessionCopy | undefined>;
  /**
   * Kills the browser, whose main process is `pid`, with all that it started. False when something is still there after
   * some seconds.
   */
  kill(pid: number, hasExited: () => boolean): Promise<boolean>;
  /** The browser is gone: removes the profile. The home is of no more use. */
  leave(): Promise<void>;
}

/**
 * The homes of a host. Profiles hold keys in the clear, so they are on the host's own disk and gone when their session
 * is.
 *
 * There are two kinds: all under the host's own user (on a laptop), and each under a user of its own, which neither
 * reads the host nor another home.
 */
export interface BrowserHomes {
  /**
   * Kills and removes what earlier runs left. @returns how many browsers there were; @throws when this kind of home
   * can't be had here
   */
  prepare(): Promise<number>;
  /** A new home, whose profile holds nothing or the files of a session. */
  open(files: SessionFiles | undefined): Promise<BrowserHome>;
  /**
   * Memory of browsers with all their processes, by their main processes, shared pages counted in parts (PSS). Bytes.
   */
  memoryOf(pids: readonly number[]): Promise<number[]>;
  /** Kills and removes whatever is left of any home. */
  close(): Promise<void>;
}

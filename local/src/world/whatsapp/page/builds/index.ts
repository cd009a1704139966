import type { PageBuild } from '../../page-settings.ts';
import type { PageChange } from './change.ts';
import { keysNameTheirTextOtherwise } from './message-keys.ts';

interface Build {
  build: PageBuild;
  /** What the page gives as its version. */
  version: string;
  /** Against the build before. */
  changes: PageChange[];
}

/** The page as WhatsApp changed it, oldest build first. The dates are those when the changes reached most people. */
const builds: Build[] = [
  { build: '2026-04', version: '2.3000.1037520190', changes: [] },
  { build: '2026-07', version: '2.3000.1043565534', changes: [keysNameTheirTextOtherwise] },
];

/** A build is all the changes up to it. */
export function buildNamed(name: PageBuild): { version: string; changes: PageChange[] } {
  const at = builds.findIndex(({ build }) => build === name);
  const newest = builds[at];
  if (newest === undefined) throw new Error(`There is no build ${name}.`);
  return { version: newest.version, changes: builds.slice(0, at + 1).flatMap(({ changes }) => changes) };
}

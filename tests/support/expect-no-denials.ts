import type { Denial } from '@top-active/cloud/iam';
import type { Closers } from '@top-active/local/stack/closers';

/**
 * For fixtures in which everybody does what they are there for: a denied access is a missing grant, and closing fails,
 * even where the product went on without what it was denied.
 */
export function expectNoDenials(closers: Closers): (denial: Denial) => void {
  const denials = new Set<string>();
  closers.add(() => {
    if (denials.size > 0) throw new Error(`Accesses were denied:\n${[...denials].join('\n')}`);
  });
  return ({ reason, near }) => denials.add([reason, ...near].join('\n  '));
}

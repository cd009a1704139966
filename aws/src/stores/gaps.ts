import type { Gap } from '@top-active/core/contracts';

/**
 * A message carries one gap: where it has an earlier one and nothing of the later was found, that one goes on until
 * then, with something missing.
 */
export function gapAfter(known: Gap | undefined, gap: Gap): Gap {
  const isKnown = known?.messages === gap.messages && known.since === gap.since && known.incomplete === gap.incomplete;
  if (known && isKnown) return known;
  const isFound = gap.messages > 0 || known === undefined || known.messages === 0;
  return isFound ? gap : { ...known, until: gap.until, incomplete: true };
}

/** Undefined if no gap is left. */
export function completed(gap: Gap | undefined): Gap | undefined {
  if (gap?.incomplete === undefined) return gap;
  const { incomplete: _incomplete, ...whole } = gap;
  return whole.messages > 0 ? whole : undefined;
}

/** Addresses at which the user has signed before, each with when that was last, in epoch milliseconds. */
export type ApprovedOrigins = Readonly<Record<string, number>>;

const remembered = 50;

/** Adds an address; the ones that were used least recently are forgotten first. */
export function approve(origins: ApprovedOrigins, { origin, now }: { origin: string; now: number }): ApprovedOrigins {
  const entries = Object.entries({ ...origins, [origin]: now });
  return Object.fromEntries(entries.toSorted(([, a], [, b]) => b - a).slice(0, remembered));
}

export function isApproved(origins: ApprovedOrigins, origin: string): boolean {
  return Object.hasOwn(origins, origin);
}

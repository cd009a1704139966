/** All in milliseconds. */
export interface UpdateLimits {
  /** Nothing came and nothing was sent for so long: the page can be loaded anew, and nobody notices. */
  updateQuietMs: number;
  /** Waited for that for so long: it is loaded anew all the same, before WhatsApp lets the old one in no more. */
  updateLatestMs: number;
  /** Between two of them at least, whatever the page says. */
  updateAgainMs: number;
}

/** What is known of a page and a newer version of it. Milliseconds of a monotonic clock. */
export interface PageUpdate {
  /** Since when the page says that there is a newer one; undefined: it is the newest. */
  since?: number | undefined;
  reloadedAt?: number | undefined;
}

/** What a heartbeat says of a newer version of the page, and whether the page is to be loaded anew now. */
export function reduceUpdate(
  update: PageUpdate,
  { needsUpdate, activeAt, now, limits }: { needsUpdate: boolean; activeAt: number; now: number; limits: UpdateLimits },
): { update: PageUpdate; reload: boolean } {
  if (!needsUpdate) return { update: { reloadedAt: update.reloadedAt }, reload: false };
  const since = update.since ?? now;
  const isRested = now - (update.reloadedAt ?? -Infinity) >= limits.updateAgainMs;
  const isDue = now - activeAt >= limits.updateQuietMs || now - since >= limits.updateLatestMs;
  const reload = isRested && isDue;
  return { update: { since, reloadedAt: reload ? now : update.reloadedAt }, reload };
}

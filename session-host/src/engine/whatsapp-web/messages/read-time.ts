/** Clocks of phones are wrong by hours, not by days. Seconds. */
const maxAhead = 24 * 3_600;

/** Of what is later no date can be written. Seconds. */
const endOfTime = 253_402_300_799;

/**
 * When a message was sent, in whole epoch seconds. Where the page has no such time, when it arrived.
 * @param arrivedAt epoch seconds
 */
export function readSentAt(
  { t, clientReceivedTsMillis }: { t?: number | undefined; clientReceivedTsMillis?: number | undefined },
  arrivedAt: number,
): number {
  const received = secondOf(
    clientReceivedTsMillis === undefined ? undefined : clientReceivedTsMillis / 1000,
    arrivedAt,
  );
  return secondOf(t, arrivedAt) ?? received ?? Math.floor(arrivedAt);
}

function secondOf(time: number | undefined, arrivedAt: number): number | undefined {
  return time !== undefined && time >= 1 && time <= arrivedAt + maxAhead ? Math.floor(time) : undefined;
}

/** Undefined for what is no moment that can be written down. */
export function instantOf(seconds: number | undefined): string | undefined {
  return seconds !== undefined && seconds > 0 && seconds <= endOfTime
    ? new Date(Math.floor(seconds * 1000)).toISOString()
    : undefined;
}

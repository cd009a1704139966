/** As the API and the tables write a time. */
export function instant(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString();
}

/** Value of the TTL attribute. */
export function expiryAfter(now: number, seconds: number): number {
  return Math.ceil(now / 1000) + seconds;
}

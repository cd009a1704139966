import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { PoolClient } from './pool-client.ts';

/**
 * Browsers in which the owner of an account has proved to be that, by a cookie that only we can make. See OWASP, "Slow
 * Down Online Guessing Attacks with Device Cookies".
 */
export interface KnownDevices {
  /** What a browser keeps, good for this account and for a year. */
  issue(email: string): Promise<string>;
  /** Id of the device, for its limits; undefined for what we haven't made for this account, or too long ago. */
  recognize(email: string, kept: string | undefined): Promise<string | undefined>;
}

/** In milliseconds. */
const goodFor = 365 * 24 * 3_600_000;

/**
 * The key is derived from the secret of the app client, which only the function `auth` reads. With another secret every
 * device is new, which costs nobody their account.
 */
export function createKnownDevices(client: PoolClient, now: () => number = Date.now): KnownDevices {
  const sign = (email: string, device: string, at: string) =>
    client.as(async ({ ClientSecret }) => {
      const key = Buffer.from(hkdfSync('sha256', ClientSecret, '', 'known devices', 32));
      return createHmac('sha256', key)
        .update(JSON.stringify([email, device, at]))
        .digest('base64url');
    });

  return {
    async issue(email) {
      const [device, at] = [randomBytes(16).toString('base64url'), String(now())];
      return [device, at, await sign(email, device, at)].join('.');
    },
    async recognize(email, kept) {
      const [device, at, signature, ...more] = kept?.split('.') ?? [];
      if (!device || !at || !signature || more.length > 0) return undefined;
      if (!equal(signature, await sign(email, device, at))) return undefined;
      return Number(at) + goodFor > now() ? device : undefined;
    },
  };
}

function equal(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accountPolicy,
  addressPolicy,
  authLimitKeys,
  countAttempt,
  devicePolicy,
  limitExpiry,
  linkLimitKeys,
  linkPolicy,
  loginLimitKeys,
  passwordGuessPolicy,
  pairPolicy,
  pairingCodePolicy,
  pairingLimitKeys,
  presenceLimitKeys,
  presencePolicy,
  resetCodeLimitKeys,
  resetCodePolicy,
  resetMailKey,
  resetMailPolicy,
  secondFactorLimitKeys,
  secondFactorPolicy,
  unlockKey,
  waitOf,
  type LimitPolicy,
  type LimitState,
} from './limits.ts';

const policy: LimitPolicy = { free: 3, baseSeconds: 1, capSeconds: 60, forgiveSeconds: 30 };

function after(attempts: number, at = 0): LimitState | undefined {
  let state: LimitState | undefined;
  for (let i = 0; i < attempts; i++) state = countAttempt(policy, state, at);
  return state;
}

describe('waitOf', () => {
  it('lets the free attempts through, then doubles up to the cap', () => {
    const waits = Array.from({ length: 12 }, (_, n) => waitOf(policy, after(n), 0) / 1000);
    expect(waits).toEqual([0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it('runs down with time', () => {
    expect(waitOf(policy, after(6), 1_500)).toBe(6_500);
    expect(waitOf(policy, after(6), 8_000)).toBe(0);
  });

  it('forgives one attempt for each quiet period', () => {
    const state = after(6);
    expect(countAttempt(policy, state, 29_999).attempts).toBe(7);
    expect(countAttempt(policy, state, 30_000).attempts).toBe(6);
    expect(countAttempt(policy, state, 30_000 * 6).attempts).toBe(1);
  });

  it('never locks out: whatever happened, the wait is at most the cap and ends', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100_000), { maxLength: 200 }), (gaps) => {
        let now = 0;
        let state: LimitState | undefined;
        for (const gap of gaps) {
          now += gap;
          state = countAttempt(policy, state, now);
          const wait = waitOf(policy, state, now);
          expect(wait).toBeLessThanOrEqual(policy.capSeconds * 1000);
          expect(waitOf(policy, state, now + wait)).toBe(0);
        }
      }),
    );
  });

  it('survives a clock that goes back', () => {
    expect(waitOf(policy, after(4, 10_000), 0)).toBeLessThanOrEqual(2_000);
    expect(countAttempt(policy, after(4, 10_000), 0).at).toBe(10_000);
  });

  it('matters no more after its expiry', () => {
    const state = after(9) ?? { attempts: 0, at: 0 };
    expect(countAttempt(policy, state, limitExpiry(policy, state) * 1000).attempts).toBe(1);
    expect(limitExpiry(policy, { attempts: 2, at: 10_500 })).toBe(11 + 2 * 30 + 60);
  });
});

describe('authLimitKeys', () => {
  it('keeps the delay that strangers can cause an account small', () => {
    expect(accountPolicy.capSeconds).toBeLessThanOrEqual(5);
  });

  it('spares an owner who has logged in from here the delay of the account', () => {
    const keys = authLimitKeys({ action: 'login', address: '192.0.2.1', account: 'ana@example.com' });
    const pair = keys.find(({ scope }) => scope === 'login-pair');
    const account = keys.find(({ scope }) => scope === 'login-account');
    expect(account?.exemptBySuccessOf).toEqual({ scope: 'login-pair', value: pair?.value });
  });

  it('counts only the address where no account is named', () => {
    expect(authLimitKeys({ action: 'refresh', address: '192.0.2.1' })).toHaveLength(1);
  });
});

describe('loginLimitKeys', () => {
  const [address, account] = ['192.0.2.1', 'ana@example.com'];
  const guesses = { scope: 'password-guesses', value: account, policy: passwordGuessPolicy };

  it('makes strangers wait for those who guess from wherever, and a known device for itself alone', () => {
    expect(loginLimitKeys({ address, account, device: undefined })).toEqual([
      { scope: 'login-address', value: address, policy: addressPolicy },
      { scope: 'login-pair', value: JSON.stringify([account, address]), policy: pairPolicy },
      guesses,
    ]);
    expect(loginLimitKeys({ address, account, device: 'd1' })).toEqual([
      { scope: 'login-device', value: 'd1', policy: devicePolicy },
      { ...guesses, onlyCounted: true },
    ]);
    expect(presenceLimitKeys({ userId: 'ana', account })).toEqual([
      { scope: 'presence', value: 'ana', policy: presencePolicy },
      { ...guesses, onlyCounted: true },
    ]);
    expect(unlockKey(account)).toEqual({ ...guesses, clearedBySuccess: true });
  });

  it('keeps strangers below the lock of the user pool, whenever they come and whatever the owner mistypes between', () => {
    const minute = 60_000;
    fc.assert(
      fc.property(
        fc.array(fc.record({ gap: fc.nat(40 * minute), stranger: fc.boolean() }), { maxLength: 120 }),
        (attempts) => {
          let [now, state]: [number, LimitState | undefined] = [0, undefined];
          // As Cognito counts: all wrong ones, until 15 minutes without any.
          let [wrong, last, byOwner] = [0, 0, 0];
          for (const { gap, stranger } of attempts) {
            now += gap;
            if (stranger && waitOf(passwordGuessPolicy, state, now) > 0) continue;
            if (now - last >= 15 * minute) [wrong, byOwner] = [0, 0];
            state = countAttempt(passwordGuessPolicy, state, now);
            [wrong, last] = [wrong + 1, now];
            if (!stranger) byOwner += 1;
            expect(wrong - byOwner).toBeLessThanOrEqual(3);
          }
        },
      ),
    );
  });
});

describe('resetCodeLimitKeys', () => {
  it('counts strangers for the account, and a known device for itself', () => {
    const [address, account] = ['192.0.2.1', 'ana@example.com'];
    expect(resetCodeLimitKeys({ address, account, device: 'd1' })).toEqual([
      { scope: 'reset-password-device', value: 'd1', policy: devicePolicy },
    ]);
    expect(resetCodeLimitKeys({ address, account, device: undefined }).at(-1)).toEqual({
      scope: 'reset-codes',
      value: account,
      policy: resetCodePolicy,
    });
    expect(resetMailKey(account)).toEqual({ scope: 'reset-mail', value: account, policy: resetMailPolicy });
  });

  it('leaves one of the five of an hour to the owner', () => {
    expect(resetMailPolicy.free + resetCodePolicy.free).toBe(4);
    for (const limit of [resetMailPolicy, resetCodePolicy])
      expect(waitOf(limit, { attempts: limit.free, at: 0 }, 0)).toBe(3_600_000);
  });
});

describe('secondFactorPolicy', () => {
  it('makes months of guessing worth less than one in a thousand', () => {
    let [state, now]: [LimitState | undefined, number] = [undefined, 0];
    let guesses = 0;
    const days = 30;
    for (; now < days * 24 * 3_600_000; guesses++) {
      now += waitOf(secondFactorPolicy, state, now);
      state = countAttempt(secondFactorPolicy, state, now);
    }
    // Three codes of a million are good at any time.
    expect((guesses * 3) / 1_000_000).toBeLessThan(0.003);
    expect(guesses).toBeGreaterThan(days * 20);
  });
});

describe('pairingLimitKeys', () => {
  const waits = (attempts: number) => {
    let state: LimitState | undefined;
    for (let n = 0; n < attempts; n++) state = countAttempt(pairingCodePolicy, state, 0);
    return waitOf(pairingCodePolicy, state, 0) / 60_000;
  };

  it('gives a handful of codes at once, and then makes wait for minutes, for an hour at most', () => {
    expect([5, 6, 7, 8, 9, 10, 20].map(waits)).toEqual([0, 5, 10, 20, 40, 60, 60]);
  });

  it('counts for the user whatever the phone, and for the phone whoever the user', () => {
    const [user, phone] = pairingLimitKeys({ userId: 'ana', phone: '5511970000001' });
    expect(pairingLimitKeys({ userId: 'ana', phone: 'another' })).toContainEqual(user);
    expect(pairingLimitKeys({ userId: 'bruno', phone: '5511970000001' })).toContainEqual(phone);
  });
});

describe('an attempt is counted', () => {
  it('under its own name, by address, by account and by the two together', () => {
    const [address, account] = ['192.0.2.1', 'ana@example.com'];
    const pair = { scope: 'login-pair', value: JSON.stringify([account, address]) };
    expect(authLimitKeys({ action: 'login', address, account })).toEqual([
      { scope: 'login-address', value: address, policy: addressPolicy },
      { ...pair, policy: pairPolicy },
      { scope: 'login-account', value: account, policy: accountPolicy, exemptBySuccessOf: pair },
    ]);
  });

  it('of whoever links, asks for a code, or types one of an app', () => {
    expect(secondFactorLimitKeys('ana')).toEqual([
      { scope: 'authenticator-code', value: 'ana', policy: secondFactorPolicy },
    ]);
    expect(linkLimitKeys('ana')).toEqual([{ scope: 'link-user', value: 'ana', policy: linkPolicy }]);
    expect(pairingLimitKeys({ userId: 'ana', phone: '5511970000001' })).toEqual([
      { scope: 'pairing-user', value: 'ana', policy: pairingCodePolicy },
      { scope: 'pairing-phone', value: '5511970000001', policy: pairingCodePolicy },
    ]);
  });

  it('by as many as are free, and then with a pause', () => {
    const pauses = [addressPolicy, pairPolicy, linkPolicy].map((limit) => [
      waitOf(limit, { attempts: limit.free - 1, at: 0 }, 0),
      waitOf(limit, { attempts: limit.free, at: 0 }, 0),
    ]);
    expect(pauses).toEqual([
      [0, 1_000],
      [0, 1_000],
      [0, 360_000],
    ]);
  });
});

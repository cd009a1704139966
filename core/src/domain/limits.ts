/**
 * Growing delay instead of lockout: after `free` attempts each further one must wait 1, 2, 4, … `baseSeconds` up to
 * `capSeconds`. Every `forgiveSeconds` without an attempt forgive one.
 */
export interface LimitPolicy {
  free: number;
  baseSeconds: number;
  capSeconds: number;
  forgiveSeconds: number;
}

/** What is counted: one address, one account, or the two together. Only a hash of `value` is ever stored. */
export interface LimitKey {
  scope: string;
  value: string;
  policy: LimitPolicy;
  /**
   * Not counted or waited for by callers of whom this other key remembers a success (a stranger can't slow the owner).
   */
  exemptBySuccessOf?: Pick<LimitKey, 'scope' | 'value'> | undefined;
  /** Never waited for: only others, who count against the same, may be refused by it. */
  onlyCounted?: boolean | undefined;
  /** A success makes up for all attempts, not for its own alone. */
  clearedBySuccess?: boolean | undefined;
}

export interface LimitState {
  /** Attempts that aren't forgiven yet, at `at`. */
  attempts: number;
  /** Epoch milliseconds of the last attempt. */
  at: number;
}

/** Milliseconds that an attempt made now must still wait; 0 when it may go ahead. */
export function waitOf(policy: LimitPolicy, state: LimitState | undefined, now: number): number {
  if (!state) return 0;
  const attempts = remaining(policy, state, now);
  if (attempts < policy.free) return 0;
  const delay = Math.min(policy.capSeconds, policy.baseSeconds * 2 ** Math.min(attempts - policy.free, 30)) * 1000;
  return Math.min(delay, Math.max(0, state.at + delay - now));
}

/** The state after an attempt made now. */
export function countAttempt(policy: LimitPolicy, state: LimitState | undefined, now: number): LimitState {
  return { attempts: (state ? remaining(policy, state, now) : 0) + 1, at: Math.max(now, state?.at ?? 0) };
}

/** Epoch seconds from which nothing of the state matters any more. */
export function limitExpiry(policy: LimitPolicy, state: LimitState): number {
  return Math.ceil(state.at / 1000) + Math.ceil(state.attempts * policy.forgiveSeconds) + policy.capSeconds;
}

/** One address in front of many accounts; generous, since offices and mobile networks share addresses. */
export const addressPolicy: LimitPolicy = { free: 30, baseSeconds: 1, capSeconds: 300, forgiveSeconds: 20 };
/**
 * Many addresses in front of one account. Its cap stays small: a stranger may cost the owner seconds, never the
 * account.
 */
export const accountPolicy: LimitPolicy = { free: 10, baseSeconds: 1, capSeconds: 5, forgiveSeconds: 30 };
/** One address in front of one account. */
export const pairPolicy: LimitPolicy = { free: 5, baseSeconds: 1, capSeconds: 900, forgiveSeconds: 60 };

/** Limits of an attempt to prove who one is (`action`: login, confirm, …), with the account where one is named. */
export function authLimitKeys(input: { action: string; address: string; account?: string | undefined }): LimitKey[] {
  const address: LimitKey = { scope: `${input.action}-address`, value: input.address, policy: addressPolicy };
  if (input.account === undefined) return [address];
  const pair: LimitKey = {
    scope: `${input.action}-pair`,
    value: JSON.stringify([input.account, input.address]),
    policy: pairPolicy,
  };
  const account: LimitKey = { scope: `${input.action}-account`, value: input.account, policy: accountPolicy };
  return [address, pair, { ...account, exemptBySuccessOf: { scope: pair.scope, value: pair.value } }];
}

/**
 * Passwords for one account, from devices that nobody has logged in from. The user pool locks an account after the
 * fifth wrong one, and forgets them 15 minutes after the last of any device. So strangers stop at the third, and wait a
 * minute longer than that: they never lock the owner out.
 */
export const passwordGuessPolicy: LimitPolicy = { free: 3, baseSeconds: 960, capSeconds: 960, forgiveSeconds: 960 };
/** One device from which the owner has logged in: whoever has taken its cookie can guess no faster than this. */
export const devicePolicy: LimitPolicy = { free: 4, baseSeconds: 1, capSeconds: 900, forgiveSeconds: 60 };
/** Somebody who is logged in and gives the password once more. */
export const presencePolicy: LimitPolicy = { free: 3, baseSeconds: 300, capSeconds: 900, forgiveSeconds: 300 };

export const passwordGuesses = 'password-guesses';

/**
 * Whose limit says that an account is locked, whether or not there is one. A right password takes back its own attempt
 * alone: others of that moment may still be on their way to the user pool.
 */
export function passwordGuessKey(account: string): LimitKey {
  return { scope: passwordGuesses, value: account, policy: passwordGuessPolicy };
}

/** Ends a lock: with a new password set by mail, guesses at the old one are worth nothing. */
export function unlockKey(account: string): LimitKey {
  return { ...passwordGuessKey(account), clearedBySuccess: true };
}

/** A login from somewhere; `device`: one that the account knows, which waits for its own mistakes alone. */
export function loginLimitKeys(input: { address: string; account: string; device: string | undefined }): LimitKey[] {
  const guesses = passwordGuessKey(input.account);
  if (input.device === undefined) return [...placeKeys('login', input), guesses];
  return [deviceKey('login', input.device), { ...guesses, onlyCounted: true }];
}

/** The password once more, of somebody who is logged in. */
export function presenceLimitKeys(input: { userId: string; account: string }): LimitKey[] {
  const presence: LimitKey = { scope: 'presence', value: input.userId, policy: presencePolicy };
  return [presence, { ...passwordGuessKey(input.account), onlyCounted: true }];
}

/**
 * Of the user pool's five to twenty an hour and account, for asking for codes and entering them together, strangers
 * together get four: two mails and two codes. One is left for the owner at a device that the account knows.
 */
export const resetMailPolicy: LimitPolicy = { free: 2, baseSeconds: 3_600, capSeconds: 3_600, forgiveSeconds: 3_600 };
export const resetCodePolicy: LimitPolicy = { free: 2, baseSeconds: 3_600, capSeconds: 3_600, forgiveSeconds: 3_600 };

/** E-mails with a code for a new password; the code in the newest is good in whatever browser has asked. */
export function resetMailKey(account: string): LimitKey {
  return { scope: 'reset-mail', value: account, policy: resetMailPolicy };
}

/** Codes for a new password. */
export function resetCodeLimitKeys(input: {
  address: string;
  account: string;
  device: string | undefined;
}): LimitKey[] {
  if (input.device !== undefined) return [deviceKey('reset-password', input.device)];
  const codes: LimitKey = { scope: 'reset-codes', value: input.account, policy: resetCodePolicy };
  return [...placeKeys('reset-password', input), codes];
}

function deviceKey(action: string, device: string): LimitKey {
  return { scope: `${action}-device`, value: device, policy: devicePolicy };
}

/** One address, and the two together. */
function placeKeys(action: string, { address, account }: { address: string; account: string }): LimitKey[] {
  return [
    { scope: `${action}-address`, value: address, policy: addressPolicy },
    { scope: `${action}-pair`, value: JSON.stringify([account, address]), policy: pairPolicy },
  ];
}

/**
 * Codes of an authenticator app, of one account from whatever addresses. Only who has the password is counted, so the
 * delay may be long: about one try an hour goes on for ever, each good for one in 300,000.
 */
export const secondFactorPolicy: LimitPolicy = { free: 10, baseSeconds: 60, capSeconds: 3_600, forgiveSeconds: 3_600 };

/** To be counted once the password was right, and never before: strangers must not be able to slow the owner so. */
export function secondFactorLimitKeys(userId: string): LimitKey[] {
  return [{ scope: 'authenticator-code', value: userId, policy: secondFactorPolicy }];
}

/**
 * Attempts to link: each takes a browser and a place on a host for minutes. Ten at once, ten an hour in the long run.
 */
export const linkPolicy: LimitPolicy = { free: 10, baseSeconds: 360, capSeconds: 3_600, forgiveSeconds: 360 };

export function linkLimitKeys(userId: string): LimitKey[] {
  return [{ scope: 'link-user', value: userId, policy: linkPolicy }];
}

/**
 * Codes to type, for which WhatsApp notifies a phone: it gives none for days to who has asked too often, and may ban.
 * About three an hour go on for ever.
 */
export const pairingCodePolicy: LimitPolicy = { free: 6, baseSeconds: 300, capSeconds: 3_600, forgiveSeconds: 1_200 };

/**
 * Of whoever asks, over all attempts to link; and of the phone, whoever asks for it: nobody is to be pestered from many
 * accounts.
 */
export function pairingLimitKeys({ userId, phone }: { userId: string; phone: string }): LimitKey[] {
  return [
    { scope: 'pairing-user', value: userId, policy: pairingCodePolicy },
    { scope: 'pairing-phone', value: phone, policy: pairingCodePolicy },
  ];
}

function remaining(policy: LimitPolicy, state: LimitState, now: number): number {
  const forgiven = Math.floor(Math.max(0, now - state.at) / (policy.forgiveSeconds * 1000));
  return Math.max(0, state.attempts - forgiven);
}

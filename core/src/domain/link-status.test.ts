import { describe, expect, it } from 'vitest';
import type { LinkHealth, Restriction } from '../contracts/link-health.ts';
import type { PasskeyRequest } from '../contracts/passkey.ts';
import { linkStates, type LinkState, type WhatsAppStatus } from '../contracts/whatsapp.ts';
import { nextLinkStatus, reportedIn, type LinkReport } from './link-status.ts';

describe('nextLinkStatus', () => {
  const qr = { code: '2@abc', expiresAt: '2026-11-24T10:00:20.000Z' };
  const account = { phone: '5511998765432', name: 'Ana', platform: 'android' };
  const starting: WhatsAppStatus = { state: 'starting', since: at(0), simulated: true };

  it('walks through linking, keeping only what each state has', () => {
    const shown = nextLinkStatus(starting, { state: 'qr', qr }, at(1));
    expect(shown).toEqual({ state: 'qr', since: at(1), qr, simulated: true });
    const renewed = nextLinkStatus(shown, { state: 'qr', qr: { ...qr, code: '2@def' } }, at(2));
    expect(renewed).toMatchObject({ since: at(1), qr: { code: '2@def' } });
    const scanned = nextLinkStatus(renewed, { state: 'scanned', account }, at(3));
    expect(scanned).toEqual({ state: 'scanned', since: at(3), account, simulated: true });
    const syncing = nextLinkStatus(scanned, { state: 'syncing', progress: 40 }, at(4));
    expect(syncing).toMatchObject({ progress: 40, account });
    const linked = nextLinkStatus(syncing, { state: 'linked' }, at(5));
    expect(linked).toEqual({ state: 'linked', since: at(5), account, linkedAt: at(5), simulated: true });
    const lost = nextLinkStatus(linked, { state: 'reconnecting' }, at(6));
    expect(lost).toMatchObject({ account, linkedAt: at(5) });
    expect(nextLinkStatus(lost, { state: 'linked' }, at(7))).toMatchObject({ since: at(7), linkedAt: at(5) });
    expect(nextLinkStatus(linked, { state: 'logged_out' }, at(8))).toEqual({
      state: 'logged_out',
      since: at(8),
      simulated: true,
    });
  });

  it('says since when WhatsApp cannot be reached, and why it has logged the device out, only where that is so', () => {
    const linked: WhatsAppStatus = { state: 'linked', since: at(0), account, linkedAt: at(0), simulated: true };
    const lost = nextLinkStatus(linked, { state: 'reconnecting', unreachableSince: at(1) }, at(1));
    expect(lost).toMatchObject({ state: 'reconnecting', unreachableSince: at(1) });
    expect(nextLinkStatus(lost, { state: 'linked' }, at(2))).toEqual({ ...linked, since: at(2) });
    const out = nextLinkStatus(linked, { state: 'logged_out', logoutReason: 'account_locked' }, at(3));
    expect(out).toMatchObject({ logoutReason: 'account_locked' });
    expect(nextLinkStatus(out, { state: 'starting' }, at(4))).not.toHaveProperty('logoutReason');
  });

  it('always says why it failed', () => {
    expect(nextLinkStatus(starting, { state: 'failed' }, at(1)).failure).toBe('unknown');
    expect(nextLinkStatus(starting, { state: 'failed', failure: 'refused' }, at(1)).failure).toBe('refused');
  });
});

const passkey: PasskeyRequest = {
  requestId: '7d1f6a52-51c5-4a3b-9c3d-0d6f2a3f9a11',
  challenge: 'q83v',
  allowCredentials: [],
  extensions: {},
  expiresAt: at(90),
  answered: false,
};
const health: LinkHealth = { reception: { state: 'ok', since: at(0) }, missing: [], restrictions: [] };

/** All that a host can report, whatever the state. */
const reported: Omit<LinkReport, 'state'> = {
  qr: { code: '2@abc', expiresAt: at(20) },
  pairing: { phone: '5511998765432', code: 'ABCD1234' },
  passkey,
  comparisonCode: 'K7QX-2MPD',
  progress: 40,
  account: { phone: '5511998765432', name: 'Ana', platform: 'android' },
  failure: 'engine_incompatible',
  incompatible: ['WAWebSendMsg'],
  unreachableSince: at(1),
  logoutReason: 'account_locked',
  health,
  remainsOnPhone: true,
};
/** All that a status can have, whatever its state. */
const full: Omit<WhatsAppStatus, 'state'> = {
  ...reported,
  since: at(0),
  restrictedUntil: at(600),
  heldUntil: at(700),
  linkedAt: at(0),
  checkpointAt: at(2),
  simulated: true,
};
const ofAccount = ['account', 'checkpointAt', 'linkedAt'];
const ofRestriction = ['heldUntil', 'restrictedUntil'];
const kept: Record<LinkState, string[]> = {
  unlinked: ['remainsOnPhone', ...ofRestriction],
  starting: ['unreachableSince', ...ofRestriction],
  qr: ['qr', ...ofRestriction],
  code: ['pairing', ...ofRestriction],
  scanned: [...ofAccount, ...ofRestriction],
  passkey: ['passkey', ...ofRestriction],
  code_comparison: ['comparisonCode', ...ofRestriction],
  syncing: ['progress', ...ofAccount, ...ofRestriction],
  linked: ['health', ...ofAccount],
  reconnecting: ['health', 'unreachableSince', ...ofAccount],
  qr_expired: ofRestriction,
  logged_out: ['logoutReason', ...ofRestriction],
  failed: ['failure', 'incompatible', ...ofAccount, ...ofRestriction],
};

describe.each(linkStates)('a status that becomes %s', (state) => {
  it('has what its state has, and nothing else', () => {
    const next = nextLinkStatus({ ...full, state: 'qr_expired' }, { ...reported, state }, at(3));
    const expected = ['state', 'since', 'simulated', ...kept[state]];
    expect(Object.keys(next).toSorted()).toEqual(expected.toSorted());
    expect(next).toMatchObject(Object.fromEntries(Object.entries(full).filter(([name]) => kept[state].includes(name))));
  });

  it('has no field of which nothing is known', () => {
    const next = nextLinkStatus({ state: 'unlinked', since: at(0), simulated: false }, { state }, at(3));
    const known = { failed: ['failure'], linked: ['linkedAt'] }[state as string] ?? [];
    expect(Object.keys(next).toSorted()).toEqual(['state', 'since', 'simulated', ...known].toSorted());
  });
});

describe('what a status keeps', () => {
  const linked: WhatsAppStatus = { ...full, state: 'linked' };

  it('is account, health and checkpoint where the report does not mention them', () => {
    const { account, checkpointAt, linkedAt } = full;
    expect(nextLinkStatus(linked, { state: 'reconnecting' }, at(3))).toEqual({
      state: 'reconnecting',
      since: at(3),
      account,
      health,
      checkpointAt,
      linkedAt,
      simulated: true,
    });
    const late: LinkHealth = { ...health, reception: { state: 'late', since: at(3) } };
    const other = { phone: '5511911112222', name: 'Bia', platform: 'iphone' };
    expect(nextLinkStatus(linked, { state: 'linked', health: late, account: other }, at(3))).toMatchObject({
      health: late,
      account: other,
    });
  });

  it('says what the page does not have only when that is why it failed', () => {
    const report: LinkReport = { state: 'failed', failure: 'refused', incompatible: ['WAWebSendMsg'] };
    expect(nextLinkStatus(linked, report, at(3))).not.toHaveProperty('incompatible');
  });

  it('is that a passkey request was answered, and not that an earlier one was', () => {
    const answered: WhatsAppStatus = { ...full, state: 'passkey', passkey: { ...passkey, answered: true } };
    const again = nextLinkStatus(answered, { state: 'passkey', passkey }, at(3));
    expect(again.passkey).toEqual({ ...passkey, answered: true });
    const next = { ...passkey, requestId: '11111111-51c5-4a3b-9c3d-0d6f2a3f9a11' };
    expect(nextLinkStatus(answered, { state: 'passkey', passkey: next }, at(3)).passkey).toEqual(next);
    expect(
      nextLinkStatus({ state: 'starting', since: at(0), simulated: true }, { state: 'passkey', passkey }, at(3))
        .passkey,
    ).toEqual(passkey);
    const unanswered: WhatsAppStatus = { ...full, state: 'passkey' };
    expect(nextLinkStatus(unanswered, { state: 'passkey', passkey }, at(3)).passkey).toEqual(passkey);
  });

  it('is everything that a host reports, and nothing that others know', () => {
    expect(reportedIn(linked)).toEqual({ ...reported, state: 'linked' });
    const bare = reportedIn({ state: 'linked', since: at(0), simulated: true });
    expect(Object.keys(bare)).toEqual(['state']);
  });
});

describe('a restriction of the account', () => {
  const limited = (until?: string): Restriction => ({ kind: 'reachout', level: 'limited', ...(until && { until }) });
  const linked = (...restrictions: Restriction[]): WhatsAppStatus => ({
    state: 'linked',
    since: at(0),
    health: { ...health, restrictions },
    simulated: true,
  });
  const unlinked = (status: WhatsAppStatus, second: number) =>
    nextLinkStatus(status, { state: 'unlinked' }, at(second));

  it('outlives the link until the last of them ends', () => {
    const out = unlinked(linked(limited(at(60)), limited(at(90)), limited(at(30))), 3);
    expect(out).toEqual({ state: 'unlinked', since: at(3), restrictedUntil: at(90), simulated: true });
    expect(unlinked(out, 89)).toHaveProperty('restrictedUntil', at(90));
    expect(unlinked(out, 90)).not.toHaveProperty('restrictedUntil');
  });

  it('without an end holds a new link back for a day after it was last seen', () => {
    const out = unlinked(linked(limited()), 3);
    const aDayLater = '2026-11-25T10:00:03.000Z';
    expect(out).toEqual({ state: 'unlinked', since: at(3), heldUntil: aDayLater, simulated: true });
    expect(unlinked(out, 60)).toHaveProperty('heldUntil', aDayLater);
    expect(nextLinkStatus(out, { state: 'unlinked' }, aDayLater)).not.toHaveProperty('heldUntil');
  });

  it('is none while WhatsApp only warns', () => {
    const out = unlinked(linked({ kind: 'new_chats', level: 'warning' }), 3);
    expect(Object.keys(out)).toEqual(['state', 'since', 'simulated']);
  });

  it('is the link’s own while it is up', () => {
    const up = nextLinkStatus(linked(limited(at(60))), { state: 'reconnecting' }, at(3));
    expect(up).not.toHaveProperty('restrictedUntil');
  });
});

function at(second: number): string {
  return new Date(Date.UTC(2026, 10, 24, 10, 0, second)).toISOString();
}

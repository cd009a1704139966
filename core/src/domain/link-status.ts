import type { PasskeyRequest } from '../contracts/passkey.ts';
import type { LinkState, WhatsAppStatus } from '../contracts/whatsapp.ts';

const reported = [
  'state',
  'qr',
  'pairing',
  'passkey',
  'comparisonCode',
  'progress',
  'account',
  'failure',
  'incompatible',
  'unreachableSince',
  'logoutReason',
  'health',
  'remainsOnPhone',
] as const;

/** What a session host reports of the link. */
export type LinkReport = Pick<WhatsAppStatus, (typeof reported)[number]>;

/** What a host has reported of a status. */
export function reportedIn(status: WhatsAppStatus): LinkReport {
  const fields = reported.flatMap((name) => (status[name] === undefined ? [] : [[name, status[name]]]));
  return { state: status.state, ...Object.fromEntries(fields) };
}

const withoutAccount = new Set<LinkState>([
  'unlinked',
  'starting',
  'qr',
  'code',
  'passkey',
  'code_comparison',
  'qr_expired',
  'logged_out',
]);

/** The status after a report: fields that its state doesn't have fall away, what it doesn't mention stays. */
export function nextLinkStatus(status: WhatsAppStatus, report: LinkReport, now: string): WhatsAppStatus {
  const { state } = report;
  const hasAccount = !withoutAccount.has(state);
  const isUp = state === 'linked' || state === 'reconnecting';
  return {
    state,
    since: state === status.state ? status.since : now,
    ...(state === 'qr' && report.qr && { qr: report.qr }),
    ...(state === 'passkey' && report.passkey && { passkey: withAnswer(report.passkey, status) }),
    ...(state === 'code_comparison' && report.comparisonCode && { comparisonCode: report.comparisonCode }),
    ...(state === 'code' && report.pairing && { pairing: report.pairing }),
    ...(state === 'syncing' && report.progress !== undefined && { progress: report.progress }),
    ...(state === 'unlinked' && report.remainsOnPhone && { remainsOnPhone: true }),
    ...(state === 'failed' && { failure: report.failure ?? 'unknown' }),
    ...(state === 'failed' &&
      report.failure === 'engine_incompatible' &&
      report.incompatible && { incompatible: report.incompatible }),
    ...((state === 'starting' || state === 'reconnecting') &&
      report.unreachableSince && { unreachableSince: report.unreachableSince }),
    ...(state === 'logged_out' && report.logoutReason && { logoutReason: report.logoutReason }),
    ...(isUp && (report.health ?? status.health) && { health: report.health ?? status.health }),
    ...(!isUp && restrictionOf(status, now)),
    ...(hasAccount && (report.account ?? status.account) && { account: report.account ?? status.account }),
    ...(hasAccount && linkedSince(status, state, now)),
    ...(hasAccount && status.checkpointAt && { checkpointAt: status.checkpointAt }),
    simulated: status.simulated,
  };
}

/** How long a restriction whose end nobody knows holds a new link back after it was last seen. Milliseconds. */
const openEndedHoldMs = 24 * 3_600_000;

/** Outlives the link: what WhatsApp restricts is the account. */
function restrictionOf(
  { health, restrictedUntil, heldUntil }: WhatsAppStatus,
  now: string,
): Pick<WhatsAppStatus, 'restrictedUntil' | 'heldUntil'> {
  const limited = health?.restrictions.filter(({ level }) => level === 'limited') ?? [];
  const end = latest([...limited.map(({ until }) => until), restrictedUntil], now);
  const isOpenEnded = limited.some(({ until }) => until === undefined);
  const held = isOpenEnded ? new Date(Date.parse(now) + openEndedHoldMs).toISOString() : heldUntil;
  const hold = latest([held], now);
  return { ...(end !== undefined && { restrictedUntil: end }), ...(hold !== undefined && { heldUntil: hold }) };
}

/** Undefined when all are over. */
function latest(ends: readonly (string | undefined)[], now: string): string | undefined {
  return ends
    .filter((end): end is string => end !== undefined && end > now)
    .toSorted()
    .at(-1);
}

/** Hosts don't know of an answer before they get it: what is known of it stays. */
function withAnswer(passkey: PasskeyRequest, { passkey: known }: WhatsAppStatus): PasskeyRequest {
  return passkey.requestId === known?.requestId && known.answered ? { ...passkey, answered: true } : passkey;
}

function linkedSince(status: WhatsAppStatus, state: LinkState, now: string): Pick<WhatsAppStatus, 'linkedAt'> {
  const linkedAt = status.linkedAt ?? (state === 'linked' ? now : undefined);
  return linkedAt === undefined ? {} : { linkedAt };
}

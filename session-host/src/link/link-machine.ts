import type { Pairing, PasskeyRequest, PhoneBattery, WhatsAppStatus } from '@top-active/core/contracts';
import type { LinkReport } from '@top-active/core/domain';
import type { Account } from '../engine/engine.ts';
import { healthyAt, reduceHealth, type HealthEvent } from './link-health.ts';

/** The part of the status that a host decides on. */
export type LinkStatus = LinkReport;

/** As the contract of the status has them. */
const maxReasonLength = 64;
const maxMissing = 20;
const maxMissingLength = 100;

export type LinkFailure = NonNullable<WhatsAppStatus['failure']>;

export type LinkEvent =
  /** An attempt begins; `resuming` one that was linked before. */
  | { type: 'start'; resuming: boolean }
  | { type: 'qr'; code: string; expiresAt: string }
  | { type: 'qr-idle' }
  /** A code to type on the phone is wanted, there, or refused. */
  | { type: 'pairing'; pairing: Pairing }
  /** The QR code is wanted instead. */
  | { type: 'pairing-left' }
  | { type: 'scanned' }
  /** WhatsApp wants a signature of the owner's passkey. */
  | { type: 'passkey'; request: PasskeyRequest }
  /** WhatsApp's page wants it no more, and goes on without. */
  | { type: 'passkey-withdrawn' }
  /** The owner is to compare this code with the one on the phone. */
  | { type: 'comparison-code'; code: string }
  | { type: 'progress'; percent: number }
  /** `at`: ISO instant. */
  | { type: 'ready'; account: Account; at: string }
  | { type: 'battery'; battery: PhoneBattery }
  /** What was found out of a link that the phone knows of. `at`: ISO instant. */
  | { type: 'health'; found: HealthEvent; at: string }
  /** Since when web.whatsapp.com gives no connection; absent: it does again. */
  | { type: 'reach'; unreachableSince?: string | undefined }
  /** The connection is gone, the browser has died, or the host stops: whatever was going on will be taken up again. */
  | { type: 'interrupted' }
  | { type: 'logged-out'; reason?: string | undefined }
  /** `incompatible`: what WhatsApp's page doesn't have any more, by its own names. */
  | { type: 'gave-up'; failure: LinkFailure; incompatible?: readonly string[] | undefined }
  /** Ended at the owner's wish; `remainsOnPhone` when the phone could not be told. */
  | { type: 'stopped'; remainsOnPhone?: boolean };

/**
 * The next status. An event that makes no sense in a state (a late QR code of a session that is over) leaves it as it
 * is, and then the same object is returned.
 */
export function reduceLink(status: LinkStatus, event: LinkEvent): LinkStatus {
  switch (event.type) {
    case 'start':
      return start(status, event.resuming);
    case 'stopped':
      return stopped(status, event.remainsOnPhone ?? false);
    case 'qr':
      return isRunning(status) && status.state !== 'linked'
        ? { state: 'qr', qr: { code: event.code, expiresAt: event.expiresAt } }
        : status;
    case 'qr-idle':
      return isPairing(status) ? { state: 'qr_expired' } : status;
    case 'pairing':
      return isShowingCodes(status) ? { state: 'code', pairing: event.pairing } : status;
    case 'pairing-left':
      return status.state === 'code' ? { state: 'starting' } : status;
    case 'scanned':
      return isShowingCodes(status) ? { state: 'scanned' } : status;
    case 'passkey':
      return isPairing(status) ? { state: 'passkey', passkey: event.request } : status;
    case 'passkey-withdrawn':
      return status.state === 'passkey' ? { state: 'starting' } : status;
    case 'comparison-code':
      return compare(status, event.code);
    case 'progress':
      return progress(status, event.percent);
    case 'ready':
      return ready(status, event);
    case 'health':
      return withHealth(status, event);
    case 'reach':
      return reach(status, event.unreachableSince);
    case 'battery':
      return status.account ? { ...status, account: { ...status.account, battery: event.battery } } : status;
    case 'interrupted':
      return interrupted(status);
    case 'logged-out':
      return isRunning(status) ? loggedOut(event.reason) : status;
    case 'gave-up':
      return isRunning(status) ? gaveUp(event) : status;
    default:
      return event satisfies never;
  }
}

function stopped(status: LinkStatus, remainsOnPhone: boolean): LinkStatus {
  if (status.state === 'unlinked' && (status.remainsOnPhone ?? false) === remainsOnPhone) return status;
  return { state: 'unlinked', ...(remainsOnPhone && { remainsOnPhone }) };
}

function loggedOut(reason: string | undefined): LinkStatus {
  return { state: 'logged_out', ...(reason !== undefined && { logoutReason: reason.slice(0, maxReasonLength) }) };
}

function gaveUp({ failure, incompatible = [] }: Extract<LinkEvent, { type: 'gave-up' }>): LinkStatus {
  if (failure !== 'engine_incompatible' || incompatible.length === 0) return { state: 'failed', failure };
  return { state: 'failed', failure, incompatible: incompatible.slice(0, maxMissing).map(shorten) };
}

function shorten(name: string): string {
  return name.slice(0, maxMissingLength);
}

function isRunning({ state }: LinkStatus): boolean {
  return isPairing({ state }) || state === 'syncing' || state === 'reconnecting' || state === 'linked';
}

function isPairing(status: LinkStatus): boolean {
  const { state } = status;
  return isShowingCodes(status) || state === 'scanned' || state === 'passkey' || state === 'code_comparison';
}

/** Nothing has happened on the phone yet. */
function isShowingCodes({ state }: LinkStatus): boolean {
  return state === 'starting' || state === 'qr' || state === 'code';
}

function start(status: LinkStatus, resuming: boolean): LinkStatus {
  if (!resuming && status.state === 'code') return wantCodeAgain(status);
  const state = resuming ? 'reconnecting' : 'starting';
  if (status.state === state) return status;
  return resuming ? { state, ...ofLink(status), ...unreached(status) } : { state };
}

function compare(status: LinkStatus, code: string): LinkStatus {
  if (!isPairing(status) || status.comparisonCode === code) return status;
  return { state: 'code_comparison', comparisonCode: code };
}

function progress(status: LinkStatus, percent: number): LinkStatus {
  // Reconnecting stays reconnecting: a bar would promise a first synchronisation.
  if (!isPairing(status) && status.state !== 'syncing') return status;
  const bounded = Math.min(100, Math.max(0, percent));
  if (status.state === 'syncing' && (status.progress ?? 0) >= bounded) return status;
  return { state: 'syncing', progress: bounded, ...ofLink(status) };
}

function ready(status: LinkStatus, { account, at }: Extract<LinkEvent, { type: 'ready' }>): LinkStatus {
  if (!isRunning(status)) return status;
  const isKnown =
    status.state === 'linked' &&
    status.health !== undefined &&
    status.account?.phone === account.phone &&
    status.account.name === account.name &&
    status.account.platform === account.platform;
  if (isKnown) return status;
  const battery = status.account?.phone === account.phone ? status.account.battery : undefined;
  const health = status.health ?? healthyAt(at);
  return { state: 'linked', account: { ...account, ...(battery && { battery }) }, health };
}

function withHealth(status: LinkStatus, { found, at }: Extract<LinkEvent, { type: 'health' }>): LinkStatus {
  if (!isOnPhone(status)) return status;
  const health = reduceHealth(status.health, found, at);
  return health === status.health ? status : { ...status, health };
}

function reach(status: LinkStatus, unreachableSince: string | undefined): LinkStatus {
  const { unreachableSince: known, ...rest } = status;
  if (unreachableSince === undefined) return known === undefined ? status : rest;
  const isWaiting = status.state === 'starting' || status.state === 'reconnecting';
  return isWaiting && known === undefined ? { ...status, unreachableSince } : status;
}

function interrupted(status: LinkStatus): LinkStatus {
  if (status.state === 'code') return wantCodeAgain(status);
  if (status.state === 'qr' || status.state === 'passkey' || status.state === 'code_comparison')
    return { state: 'starting' };
  // Once the code is scanned the phone counts the device as linked, whether we know of it or not.
  return isOnPhone(status) && status.state !== 'reconnecting' ? { state: 'reconnecting', ...ofLink(status) } : status;
}

/** The code goes with its browser, but not for whom it was. */
function wantCodeAgain(status: LinkStatus): LinkStatus {
  const { pairing } = status;
  if (!pairing) return { state: 'starting' };
  return pairing.code === undefined && pairing.failure === undefined
    ? status
    : { state: 'code', pairing: { phone: pairing.phone } };
}

/** The phone counts the device as linked. */
export function isOnPhone({ state }: Pick<LinkStatus, 'state'>): boolean {
  return state === 'scanned' || state === 'syncing' || state === 'linked' || state === 'reconnecting';
}

/** What is known of a link in whatever state it is. */
function ofLink({ account, health }: LinkStatus): Pick<LinkStatus, 'account' | 'health'> {
  return { ...(account && { account }), ...(health && { health }) };
}

function unreached({ unreachableSince }: LinkStatus): Pick<LinkStatus, 'unreachableSince'> {
  return unreachableSince === undefined ? {} : { unreachableSince };
}

import type { PasskeyRequest } from './request.ts';

/**
 * One request on its way: asked by one page, shown in one tab of WhatsApp's, answered once. Kept in `storage.session`.
 */
export interface Exchange {
  askingTab: number;
  /** Attested by the browser, never taken from what the page says. */
  askingOrigin: string;
  request: PasskeyRequest;
  state: 'waiting' | 'signing' | 'answered';
}

export function openExchange(asked: Pick<Exchange, 'askingTab' | 'askingOrigin' | 'request'>): Exchange {
  return { ...asked, state: 'waiting' };
}

/** Whether its card may be shown: not answered, not expired. */
export function isOpen({ state, request }: Exchange, now: number): boolean {
  return state !== 'answered' && now < request.expiresAt;
}

/**
 * For the card of a page that was just loaded: should the page before have been reloaded while the browser asked, that
 * prompt is closed and answers no more. Undefined when there is nothing to show.
 */
export function showExchange(exchange: Exchange, now: number): Exchange | undefined {
  return isOpen(exchange, now) ? cancelSigning(exchange) : undefined;
}

/** The user has clicked to sign. Undefined when there is nothing to sign any more, or the browser is asking already. */
export function beginSigning(exchange: Exchange, now: number): Exchange | undefined {
  return exchange.state === 'waiting' && now < exchange.request.expiresAt
    ? { ...exchange, state: 'signing' }
    : undefined;
}

/** The browser's prompt was closed, or found no passkey: the user may try again. */
export function cancelSigning(exchange: Exchange): Exchange {
  return exchange.state === 'signing' ? { ...exchange, state: 'waiting' } : exchange;
}

/** The one answer. Undefined when it comes without a click that began it, too late, or a second time. */
export function finishSigning(exchange: Exchange, now: number): Exchange | undefined {
  return exchange.state === 'signing' && now < exchange.request.expiresAt
    ? { ...exchange, state: 'answered' }
    : undefined;
}

/** The exchange that this page has begun for this request, should the user click the icon again. */
export function findExchange(
  exchanges: Readonly<Record<string, Exchange>>,
  { askingOrigin, requestId }: { askingOrigin: string; requestId: string },
): [string, Exchange] | undefined {
  return Object.entries(exchanges).find(
    ([, exchange]) => exchange.askingOrigin === askingOrigin && exchange.request.requestId === requestId,
  );
}

/** Those that are worth keeping: an answered one until it expires, so that it isn't signed a second time. */
export function withoutExpired(exchanges: Readonly<Record<string, Exchange>>, now: number): Record<string, Exchange> {
  return Object.fromEntries(Object.entries(exchanges).filter(([, { request }]) => now < request.expiresAt));
}

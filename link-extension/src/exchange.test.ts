import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beginSigning,
  cancelSigning,
  findExchange,
  finishSigning,
  isOpen,
  openExchange,
  showExchange,
  withoutExpired,
  type Exchange,
} from './exchange.ts';

const end = 1_000;
const request = { requestId: 'request-1-0123456789', challenge: 'c', allowCredentials: [], uvm: false, expiresAt: end };
const waiting = openExchange({ askingTab: 7, askingOrigin: 'https://app.example', request });

const steps = {
  begin: (exchange: Exchange, now: number) => beginSigning(exchange, now),
  cancel: (exchange: Exchange) => cancelSigning(exchange),
  show: (exchange: Exchange, now: number) => showExchange(exchange, now),
  finish: (exchange: Exchange, now: number) => finishSigning(exchange, now),
};

describe('exchange', () => {
  it('is answered once, after a click', () => {
    const signing = beginSigning(waiting, 1);
    expect(signing?.state).toBe('signing');
    const answered = signing && finishSigning(signing, 2);
    expect(answered?.state).toBe('answered');
    expect(answered && finishSigning(answered, 3)).toBeUndefined();
    expect(answered && beginSigning(answered, 3)).toBeUndefined();
    expect(answered && isOpen(answered, 3)).toBe(false);
  });

  it('takes no answer without a click', () => {
    expect(finishSigning(waiting, 1)).toBeUndefined();
  });

  it('can be tried again after a cancelled prompt', () => {
    const again = cancelSigning({ ...waiting, state: 'signing' });
    expect(beginSigning(again, 1)?.state).toBe('signing');
  });

  it('can be signed after the page was reloaded while the browser asked', () => {
    const signing = beginSigning(waiting, 1);
    const shown = signing && showExchange(signing, 2);
    expect(shown && beginSigning(shown, 3)?.state).toBe('signing');
    expect(showExchange({ ...waiting, state: 'answered' }, 2)).toBeUndefined();
    expect(showExchange(waiting, end)).toBeUndefined();
  });

  it('is not answered too late', () => {
    expect(beginSigning(waiting, end)).toBeUndefined();
    expect(finishSigning({ ...waiting, state: 'signing' }, end)).toBeUndefined();
    expect(isOpen(waiting, end)).toBe(false);
  });

  it('is answered at most once, whatever happens in whatever order', () => {
    const step = fc.tuple(fc.constantFrom(...(Object.keys(steps) as (keyof typeof steps)[])), fc.nat(2 * end));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (happenings) => {
        let exchange = waiting;
        const answeredAt: number[] = [];
        for (const [name, now] of happenings) {
          const next = steps[name](exchange, now);
          if (next?.state === 'answered' && exchange.state !== 'answered') answeredAt.push(now);
          exchange = next ?? exchange;
        }
        expect(answeredAt.length).toBeLessThanOrEqual(1);
        expect(answeredAt.every((at) => at < end)).toBe(true);
      }),
    );
  });

  it('belongs to the page that asked', () => {
    const exchanges = { 12: waiting };
    const { requestId } = request;
    expect(findExchange(exchanges, { askingOrigin: 'https://app.example', requestId })?.[0]).toBe('12');
    expect(findExchange(exchanges, { askingOrigin: 'https://app.example.evil', requestId })).toBeUndefined();
    expect(findExchange(exchanges, { askingOrigin: 'https://app.example', requestId: 'another' })).toBeUndefined();
  });

  it('is forgotten when it has expired', () => {
    expect(withoutExpired({ 12: waiting }, end - 1)).toEqual({ 12: waiting });
    expect(withoutExpired({ 12: waiting }, end)).toEqual({});
  });
});

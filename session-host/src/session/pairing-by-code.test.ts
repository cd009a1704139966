import { logger } from '@top-active/aws';
import { describe, expect, it } from 'vitest';
import { PairingRefusal, type EngineSession } from '../engine/engine.ts';
import type { LinkEvent } from '../link/link-machine.ts';
import { createPairingByCode } from './pairing-by-code.ts';

const phone = '5511999990000';
const other = '5511988887777';

/** An engine that answers when told to. Of a session nothing else is used here. */
function anEngine() {
  const asked: { phone: string; answer: PromiseWithResolvers<string> }[] = [];
  const refreshed = { times: 0 };
  const session = {
    requestPairingCode: (wanted: string) => {
      const answer = Promise.withResolvers<string>();
      asked.push({ phone: wanted, answer });
      return answer.promise;
    },
    refreshQr: () => {
      refreshed.times += 1;
      return Promise.resolve();
    },
  } as unknown as EngineSession;
  return { asked, session, refreshed };
}

function aPairing() {
  const events: LinkEvent[] = [];
  const pairing = createPairingByCode({ apply: (event) => events.push(event), codeMs: 60_000, log: logger });
  const told = () => events.map((event) => (event.type === 'pairing' ? event.pairing : event.type));
  return { pairing, told };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('pairing by code', () => {
  it('lets QR codes pass until a code is wanted', () => {
    const { pairing, told } = aPairing();
    expect(pairing.offer(anEngine().session, () => undefined)).toBe(false);
    expect(told()).toEqual([]);
  });

  it('asks once WhatsApp waits, and only once, however many QR codes follow', async () => {
    const { pairing, told } = aPairing();
    const { session, asked } = anEngine();
    pairing.want(phone);
    expect(asked).toEqual([]);
    for (let i = 0; i < 3; i++) expect(pairing.offer(session, () => undefined)).toBe(true);
    asked[0]?.answer.resolve('K7QX2MPD');
    await settled();
    expect(asked.map((one) => one.phone)).toEqual([phone]);
    expect(told()).toEqual([{ phone }, { phone }, { phone, code: 'K7QX2MPD', expiresAt: expect.stringMatching(/Z$/) }]);
  });

  it('shows the newest code only, also when an older answer comes last', async () => {
    const { pairing, told } = aPairing();
    const { session, asked } = anEngine();
    pairing.offer(session, () => undefined);
    pairing.want(phone);
    pairing.want(other);
    asked[1]?.answer.resolve('NEWNEWNE');
    asked[0]?.answer.resolve('OLDOLDOL');
    await settled();
    expect(told().at(-1)).toMatchObject({ phone: other, code: 'NEWNEWNE' });
  });

  it('says why there is no code, and goes on with another number', async () => {
    const { pairing, told } = aPairing();
    const { session, asked } = anEngine();
    pairing.offer(session, () => undefined);
    pairing.want(phone);
    asked[0]?.answer.reject(new PairingRefusal('not_on_whatsapp', 'no account'));
    await settled();
    expect(told().at(-1)).toEqual({ phone, failure: 'not_on_whatsapp' });
    pairing.want(other);
    asked[1]?.answer.reject(new Error('page gone'));
    await settled();
    expect(told().at(-1)).toEqual({ phone: other, failure: 'unavailable' });
  });

  it('asks anew in the next browser, and for nothing after going back to the QR code', async () => {
    const { pairing, told } = aPairing();
    const [first, second] = [anEngine(), anEngine()];
    pairing.offer(first.session, () => undefined);
    pairing.want(phone);
    pairing.detach();
    first.asked[0]?.answer.resolve('TOOLATE1');
    expect(pairing.offer(second.session, () => undefined)).toBe(true);
    second.asked[0]?.answer.resolve('K7QX2MPD');
    await settled();
    expect(told().at(-1)).toMatchObject({ code: 'K7QX2MPD' });
    expect(JSON.stringify(told())).not.toContain('TOOLATE1');
    pairing.leave();
    expect(told().at(-1)).toBe('pairing-left');
    expect(second.refreshed.times).toBe(1);
    expect(pairing.offer(second.session, () => undefined)).toBe(false);
  });

  it('is over once the phone has acted', () => {
    const { pairing } = aPairing();
    const { session, asked } = anEngine();
    pairing.want(phone);
    pairing.offer(session, () => undefined);
    pairing.done();
    expect(pairing.isWanted).toBe(false);
    expect(pairing.offer(session, () => undefined)).toBe(false);
    expect(asked).toHaveLength(1);
  });

  it('tells each time that somebody is there, and asks WhatsApp six times in one attempt at most', async () => {
    const { pairing, told } = aPairing();
    const { session, asked } = anEngine();
    let signs = 0;
    pairing.offer(session, () => (signs += 1));
    for (let i = 0; i < 7; i++) pairing.want(phone);
    await settled();
    expect(asked).toHaveLength(6);
    expect(signs).toBe(7);
    expect(told().at(-1)).toEqual({ phone, failure: 'too_many' });
    pairing.reset();
    pairing.want(phone);
    expect(asked).toHaveLength(7);
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRequest } from './request.ts';

const now = Date.parse('2030-01-01T00:00:00.000Z');
const asked = {
  v: 1,
  requestId: '01JD3W5ZK2Q8N6V4T0XHRB7MCA',
  challenge: 'q83vEjRWeJq83vEjRWeJq83vEjRWeJq83vEjRWeJq80',
  allowCredentials: [],
  extensions: { uvm: true },
  expiresAt: new Date(now + 300_000).toISOString(),
};

function parse(changes: object): ReturnType<typeof parseRequest> {
  return parseRequest(JSON.stringify({ ...asked, ...changes }), now);
}

describe('request of a page', () => {
  it('is taken when it is complete', () => {
    expect(parse({})).toEqual({
      requestId: asked.requestId,
      challenge: asked.challenge,
      allowCredentials: [],
      uvm: true,
      expiresAt: now + 300_000,
    });
  });

  it.each([
    ['of another version', { v: 2 }],
    ['without id', { requestId: undefined }],
    ['with an id that could be markup', { requestId: '<img src=x onerror=1>' }],
    ['with a challenge too short to be random', { challenge: 'q83vEjRW' }],
    ['with a challenge that is not base64url', { challenge: 'q83v+jRW/Jq83vEjRWeJ' }],
    ['with a challenge that is no text', { challenge: 7 }],
    ['that has expired', { expiresAt: new Date(now).toISOString() }],
    ['without an end', { expiresAt: undefined }],
    ['with a list that is none', { allowCredentials: 'all' }],
    ['with a credential without id', { allowCredentials: [{ type: 'public-key' }] }],
    ['with too many credentials', { allowCredentials: Array.from({ length: 65 }, () => ({ id: 'abc' })) }],
  ])('is refused %s', (_what, changes) => {
    expect(parse(changes)).toBeUndefined();
  });

  it('lives for ten minutes, whatever it says', () => {
    expect(parse({ expiresAt: '2099-01-01T00:00:00.000Z' })?.expiresAt).toBe(now + 600_000);
  });

  it('cannot choose the site, the verification of the user, or other extensions', () => {
    const request = parse({ rpId: 'bank.example', userVerification: 'discouraged', extensions: { prf: {} } });
    expect(request).toEqual({ ...parse({ extensions: {} }), uvm: false });
  });

  it('keeps only kinds of transport that exist', () => {
    const request = parse({ allowCredentials: [{ id: 'abc', transports: ['hybrid', 'telepathy', 'usb'] }] });
    expect(request?.allowCredentials).toEqual([{ id: 'abc', transports: ['hybrid', 'usb'] }]);
  });

  it('never throws, whatever a page writes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(parseRequest(text, now)).toBeUndefined();
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { readCredential, requestOptions } from './credential.ts';

const signed = {
  id: 'aWQ',
  rawId: 'aWQ',
  type: 'public-key',
  authenticatorAttachment: 'platform',
  clientExtensionResults: { uvm: [[2, 4, 2]] },
  response: { clientDataJSON: 'Y2Rq', authenticatorData: 'YWQ', signature: 'c2ln', userHandle: 'dWg' },
};

describe('credential', () => {
  it('is passed on without what does not belong to it', () => {
    const response = { ...signed.response, extra: 'x' };
    expect(readCredential({ ...signed, response, extra: 'x' })).toEqual(signed);
  });

  it('may be without user handle and attachment', () => {
    const { userHandle, ...response } = signed.response;
    const { authenticatorAttachment, ...rest } = signed;
    expect(readCredential({ ...rest, response })).toEqual({ ...rest, response });
    expect([userHandle, authenticatorAttachment]).toHaveLength(2);
  });

  it.each([
    undefined,
    null,
    'text',
    {},
    { ...signed, type: 'password' },
    { ...signed, response: null },
    { ...signed, id: 7 },
  ])('is nothing else: %j', (input) => {
    expect(readCredential(input)).toBeUndefined();
  });
});

describe('options of the request', () => {
  const request = { requestId: 'r', challenge: '_-8', allowCredentials: [], uvm: true, expiresAt: 5_000 };

  it('fix site and verification of the user', () => {
    expect(requestOptions(request, 2_000)).toEqual({
      rpId: 'whatsapp.com',
      userVerification: 'required',
      challenge: new Uint8Array([255, 239]),
      timeout: 3_000,
      allowCredentials: [],
      extensions: { uvm: true },
    });
  });

  it('name the credentials that the page allows', () => {
    const allowCredentials = [
      { id: 'AQI', transports: ['hybrid' as const] },
      { id: 'Aw', transports: [] },
    ];
    expect(requestOptions({ ...request, allowCredentials }, 0).allowCredentials).toEqual([
      { type: 'public-key', id: new Uint8Array([1, 2]), transports: ['hybrid'] },
      { type: 'public-key', id: new Uint8Array([3]) },
    ]);
  });
});

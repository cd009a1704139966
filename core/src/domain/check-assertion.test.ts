import { describe, expect, it } from 'vitest';
import { createSoftwarePasskey } from '../../test-support/software-passkey.ts';
import { passkeyAnswerSchema } from '../contracts/passkey.ts';
import { wrongInAssertion } from './check-assertion.ts';

const passkey = createSoftwarePasskey();
const challenge = 'q83vEjRWeJq83vEjRWeJq83vEjRWeJq83vEjRWeJq80';
const request = { challenge, allowCredentials: [] };

describe('assertion', () => {
  it('answers its request', () => {
    const credential = passkey.sign({ challenge });
    expect(wrongInAssertion(credential, request)).toBeUndefined();
    const allowCredentials = [{ id: passkey.id, transports: [] }];
    expect(wrongInAssertion(credential, { challenge, allowCredentials })).toBeUndefined();
    expect(passkeyAnswerSchema.parse({ outcome: 'signed', credential })).toEqual({ outcome: 'signed', credential });
  });

  it.each([
    ['an old challenge', { challenge: 'AAAAEjRWeJq83vEjRWeJq83vEjRWeJq83vEjRWeJq80' }, 'it answers another challenge'],
    ['another site', { challenge, origin: 'https://web.whatsapp.com.evil.example' }, 'it was made on another site'],
    ['a frame in another site', { challenge, crossOrigin: true }, 'it was made on another site'],
    ['a registration', { challenge, type: 'webauthn.create' }, 'it is not an assertion'],
    ["another site's passkey", { challenge, site: 'evil.example' }, 'the passkey belongs to another site'],
    ['nobody verified', { challenge, flags: 0x01 }, 'the user was not verified'],
    ['nobody there', { challenge, flags: 0x04 }, 'the user was not verified'],
  ])('is wrong from %s', (_what, signing, problem) => {
    expect(wrongInAssertion(passkey.sign(signing), request)).toBe(problem);
  });

  it('is wrong from a passkey that was not asked for', () => {
    const other = { challenge, allowCredentials: [{ id: 'b3RoZXI', transports: [] }] };
    expect(wrongInAssertion(passkey.sign({ challenge }), other)).toBe(
      'the passkey is none of those that were asked for',
    );
  });

  it.each(['', 'bm90IGpzb24', 'e30'])('is wrong with client data %j', (clientDataJSON) => {
    const credential = passkey.sign({ challenge });
    const response = { ...credential.response, clientDataJSON };
    expect(wrongInAssertion({ ...credential, response }, request)).toBe('clientDataJSON is not what a browser writes');
  });

  it('is wrong when it is cut off, or names two credentials', () => {
    const credential = passkey.sign({ challenge });
    const response = { ...credential.response, authenticatorData: 'AAAA' };
    expect(wrongInAssertion({ ...credential, response }, request)).toBe('authenticatorData is too short');
    expect(wrongInAssertion({ ...credential, rawId: 'b3RoZXI' }, request)).toBe('its ids differ');
  });
});

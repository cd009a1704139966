import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { accessClaimsOf, accessClaimsSchema } from './access-claims.ts';

const claims = {
  sub: '11111111-1111-4111-8111-111111111111',
  username: '0b5ed1ab-93a3-4b1f-8df5-0ad1c9f6a1c5',
  token_use: 'access',
  origin_jti: 'login-1',
  auth_time: '1796000000',
};
const tokenOf = (payload: object) => `head.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.signature`;

describe('the claims of an access token', () => {
  it('name the user by the name that we chose, not by the subject that Cognito chose', () => {
    const read = { userId: claims.username, sessionId: 'login-1', authTime: 1_796_000_000 };
    expect(accessClaimsSchema.parse(claims)).toEqual(read);
    expect(accessClaimsOf(tokenOf(claims))).toEqual(read);
  });

  it.each([
    ['an ID token', { ...claims, token_use: 'id' }],
    ['no user', { ...claims, username: 'admin' }],
    ['no login', { ...claims, origin_jti: undefined }],
    ['no time', { ...claims, auth_time: undefined }],
    ['a subject alone', { ...claims, username: undefined }],
  ])('are refused of %s', (_, others) => {
    expect(accessClaimsSchema.safeParse(others).success).toBe(false);
    expect(() => accessClaimsOf(tokenOf(others))).toThrow(z.ZodError);
  });

  it('are none of what is no token', () => {
    expect(() => accessClaimsOf('no token at all')).toThrow(SyntaxError);
  });
});

import {
  AdminSetUserMFAPreferenceCommand,
  AssociateSoftwareTokenCommand,
  GetUserCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SetUserMFAPreferenceCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCognitoFixture, tokensOf, type CognitoFixture } from './emulator-fixture.ts';
import { totpCode } from './totp.ts';

const stepMs = 30_000;
let cognito: CognitoFixture;
let ClientId: string;

beforeAll(async () => {
  cognito = await startCognitoFixture({ pool: { MfaConfiguration: 'OPTIONAL' } });
  ClientId = cognito.ids.clientId;
});
afterAll(() => cognito.close());

/** A user with an authenticator app. */
async function newProtectedUser() {
  const { email, accessToken: AccessToken } = await cognito.newUser();
  const { SecretCode: secret = '' } = await cognito.client.send(new AssociateSoftwareTokenCommand({ AccessToken }));
  const UserCode = totpCode(secret, cognito.state.time);
  const { Status } = await cognito.client.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode }));
  expect(Status).toBe('SUCCESS');
  const SoftwareTokenMfaSettings = { Enabled: true, PreferredMfa: true };
  await cognito.client.send(new SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings }));
  cognito.state.time += stepMs;
  return { email, secret, AccessToken };
}

async function begin(email: string) {
  const AuthParameters = { USERNAME: email, PASSWORD: cognito.password };
  return cognito.client.send(new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }));
}

function respond(email: string, Session: string | undefined, code: string) {
  return cognito.client.send(
    new RespondToAuthChallengeCommand({
      ClientId,
      ChallengeName: 'SOFTWARE_TOKEN_MFA',
      Session,
      ChallengeResponses: { USERNAME: email, SOFTWARE_TOKEN_MFA_CODE: code },
    }),
  );
}

it('makes the codes of RFC 6238', () => {
  // "12345678901234567890" in Base32, and the RFC's own times and codes (their last six digits).
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  const codes = [59, 1_111_111_109, 1_234_567_890, 20_000_000_000].map((seconds) => totpCode(secret, seconds * 1000));
  expect(codes).toEqual(['287082', '081804', '005924', '353130']);
});

describe('software token MFA', () => {
  it('asks for a code after the password', async () => {
    const { email, secret, AccessToken } = await newProtectedUser();
    expect(await cognito.client.send(new GetUserCommand({ AccessToken }))).toMatchObject({
      UserMFASettingList: ['SOFTWARE_TOKEN_MFA'],
    });
    const challenge = await begin(email);
    expect(challenge).toMatchObject({ ChallengeName: 'SOFTWARE_TOKEN_MFA' });
    expect(challenge.AuthenticationResult).toBeUndefined();
    const code = totpCode(secret, cognito.state.time);
    const answer = await respond(email, challenge.Session, code);
    expect(tokensOf(answer.AuthenticationResult).accessToken).toBeTruthy();
    await expect(respond(email, challenge.Session, code)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });

  it('counts for nothing once another secret is made, though it is still listed, and cannot be switched off', async () => {
    const { email, AccessToken } = await newProtectedUser();
    await cognito.client.send(new AssociateSoftwareTokenCommand({ AccessToken }));
    expect(tokensOf((await begin(email)).AuthenticationResult).accessToken).toBeTruthy();
    expect(await cognito.client.send(new GetUserCommand({ AccessToken }))).toMatchObject({
      UserMFASettingList: ['SOFTWARE_TOKEN_MFA'],
    });
    const SoftwareTokenMfaSettings = { Enabled: false, PreferredMfa: false };
    const off = cognito.client.send(new SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings }));
    await expect(off).rejects.toMatchObject({ message: 'User has not set up software token mfa' });
  });

  it('takes no code twice', async () => {
    const { email, secret } = await newProtectedUser();
    const code = totpCode(secret, cognito.state.time);
    await respond(email, (await begin(email)).Session, code);
    const again = respond(email, (await begin(email)).Session, code);
    await expect(again).rejects.toMatchObject({ name: 'CodeMismatchException' });
    cognito.state.time += stepMs;
    await respond(email, (await begin(email)).Session, totpCode(secret, cognito.state.time));
  });

  it('limits wrong codes', async () => {
    const { email, secret } = await newProtectedUser();
    const right = totpCode(secret, cognito.state.time);
    const nearby = new Set([-stepMs, 0, stepMs].map((shift) => totpCode(secret, cognito.state.time + shift)));
    const wrong = ['000000', '000001', '000002', '000003'].find((code) => !nearby.has(code)) ?? '';
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      const refused = respond(email, (await begin(email)).Session, wrong);
      await expect(refused).rejects.toMatchObject({ name: 'CodeMismatchException' });
    }
    const limited = respond(email, (await begin(email)).Session, right);
    await expect(limited).rejects.toMatchObject({ name: 'LimitExceededException' });
  });

  it('is not to be switched on before a code was right', async () => {
    const { accessToken: AccessToken } = await cognito.newUser();
    await cognito.client.send(new AssociateSoftwareTokenCommand({ AccessToken }));
    const wrong = cognito.client.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode: '000000' }));
    await expect(wrong).rejects.toMatchObject({ name: 'EnableSoftwareTokenMFAException' });
    const SoftwareTokenMfaSettings = { Enabled: true };
    const enabled = cognito.client.send(new SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings }));
    await expect(enabled).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('can be switched off by an administrator, for whoever has lost the app', async () => {
    const { email } = await newProtectedUser();
    await cognito.client.send(
      new AdminSetUserMFAPreferenceCommand({
        UserPoolId: cognito.ids.userPoolId,
        Username: email,
        SoftwareTokenMfaSettings: { Enabled: false, PreferredMfa: false },
      }),
    );
    expect(cognito.asked.at(-1)).toMatchObject({ action: 'cognito-idp:AdminSetUserMFAPreference' });
    expect(tokensOf((await begin(email)).AuthenticationResult).accessToken).toBeTruthy();
  });

  it('is not to be had where the pool has it off', async () => {
    const other = await startCognitoFixture();
    const { accessToken: AccessToken } = await other.newUser();
    const associated = other.client.send(new AssociateSoftwareTokenCommand({ AccessToken }));
    await expect(associated).rejects.toMatchObject({ name: 'SoftwareTokenMFANotFoundException' });
    await other.close();
  });
});

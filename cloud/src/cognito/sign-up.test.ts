import {
  AdminDeleteUserCommand,
  ConfirmSignUpCommand,
  InitiateAuthCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCognitoFixture, tokensOf, type CognitoFixture } from './emulator-fixture.ts';

const minuteMs = 60_000;
let cognito: CognitoFixture;
let ClientId: string;

beforeAll(async () => {
  cognito = await startCognitoFixture();
  ClientId = cognito.ids.clientId;
});
afterAll(() => cognito.close());

function confirmWith(Username: string, ConfirmationCode: string, Session?: string) {
  return cognito.client.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode, Session }));
}

/** A code that is not the right one. */
function wrong(code: string): string {
  return code === '000000' ? '000001' : '000000';
}

function firstSignIn(email: string, Session: string | undefined) {
  return cognito.client.send(
    new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_AUTH', AuthParameters: { USERNAME: email }, Session }),
  );
}

describe('SignUp', () => {
  it('mails a six-digit code in Portuguese and English', async () => {
    const email = cognito.newEmail();
    const answer = await cognito.signUp(email);
    expect(answer).toMatchObject({
      UserConfirmed: false,
      UserSub: expect.stringMatching(/^[0-9a-f-]{36}$/),
      CodeDeliveryDetails: { Destination: 'p***@e***', DeliveryMedium: 'EMAIL', AttributeName: 'email' },
    });
    const mail = cognito.mails.at(-1);
    expect(mail).toMatchObject({
      to: email,
      kind: 'sign-up',
      code: expect.stringMatching(/^\d{6}$/),
      at: cognito.state.time,
    });
    expect(mail?.text).toContain(`Seu código de confirmação é ${mail?.code}`);
    expect(mail?.text).toContain(`Your confirmation code is ${mail?.code}`);
  });

  it.each([
    ['short 1', 'Password not long enough'],
    ['no digit at all', 'Password must have numeric characters'],
    ['short', 'Password not long enough, Password must have numeric characters'],
  ])('refuses the password %j and says what is missing', async (password, problem) => {
    const refused = cognito.signUp(cognito.newEmail(), password);
    await expect(refused).rejects.toMatchObject({
      name: 'InvalidPasswordException',
      message: `Password did not conform with policy: ${problem}`,
    });
  });

  it('takes an e-mail address once, in whatever case, confirmed or not', async () => {
    const email = cognito.newEmail();
    await cognito.signUp(email);
    const again = cognito.signUp(email.toUpperCase());
    await expect(again).rejects.toMatchObject({ name: 'UsernameExistsException' });
  });

  it('takes nothing but an e-mail address as username', async () => {
    await expect(cognito.signUp('ana')).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Username should be an email.',
    });
  });

  it('keeps standard attributes and refuses others', async () => {
    const email = cognito.newEmail();
    const UserAttributes = [
      { Name: 'name', Value: 'Ana' },
      { Name: 'locale', Value: 'pt-BR' },
    ];
    const input = { ClientId, Username: email, Password: cognito.password };
    await cognito.client.send(new SignUpCommand({ ...input, UserAttributes }));
    await cognito.confirm(email);
    expect(decodeJwt((await cognito.logIn(email)).idToken)).toMatchObject({ name: 'Ana', locale: 'pt-BR' });
    const forged = {
      ...input,
      Username: cognito.newEmail(),
      UserAttributes: [{ Name: 'email_verified', Value: 'true' }],
    };
    await expect(cognito.client.send(new SignUpCommand(forged))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('knows its clients only', async () => {
    const input = { ClientId: 'unknown', Username: cognito.newEmail(), Password: cognito.password };
    await expect(cognito.client.send(new SignUpCommand(input))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('says when the e-mail could not be sent, and keeps the user for another try', async () => {
    const email = cognito.newEmail();
    cognito.state.mailFails = true;
    await expect(cognito.signUp(email)).rejects.toMatchObject({ name: 'CodeDeliveryFailureException' });
    cognito.state.mailFails = false;
    await cognito.client.send(new ResendConfirmationCodeCommand({ ClientId, Username: email }));
    await cognito.confirm(email);
    await cognito.logIn(email);
  });
});

describe('ConfirmSignUp', () => {
  it('signs in without password, by the Session it answers', async () => {
    const email = cognito.newEmail();
    const { Session: first } = await cognito.signUp(email);
    const { Session: second } = await cognito.confirm(email, first);
    const tokens = tokensOf((await firstSignIn(email, second)).AuthenticationResult);
    expect(decodeJwt(tokens.idToken)).toMatchObject({ email, email_verified: true });
    // Used up: the pool offers the password instead.
    expect(await firstSignIn(email, second)).toMatchObject({ ChallengeName: 'SELECT_CHALLENGE' });
  });

  it('gives no Session to whoever brings none', async () => {
    const email = cognito.newEmail();
    await cognito.signUp(email);
    expect((await cognito.confirm(email)).Session).toBeUndefined();
  });

  it('takes each Session for its own user and step only', async () => {
    const [one, other] = [cognito.newEmail(), cognito.newEmail()];
    const { Session: ofOne } = await cognito.signUp(one);
    const { Session: ofOther } = await cognito.signUp(other);
    const invalid = { name: 'NotAuthorizedException', message: 'Invalid session for the user.' };
    await expect(cognito.confirm(one, ofOther)).rejects.toMatchObject(invalid);
    const refused = { ChallengeName: 'SELECT_CHALLENGE' };
    expect(await firstSignIn(one, ofOne)).toMatchObject(refused);
    const { Session } = await cognito.confirm(one, ofOne);
    expect(await firstSignIn(other, Session)).toMatchObject(refused);
  });

  it('ends a Session after three minutes', async () => {
    const email = cognito.newEmail();
    const { Session } = await cognito.signUp(email);
    cognito.state.time += 3 * minuteMs;
    const expired = { name: 'NotAuthorizedException', message: 'Invalid session for the user, session is expired.' };
    await expect(cognito.confirm(email, Session)).rejects.toMatchObject(expired);
    await cognito.confirm(email);
  });

  it('refuses a wrong code, and after five of them any, for a while', async () => {
    const email = cognito.newEmail();
    await cognito.signUp(email);
    const code = cognito.codeFor(email);
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await expect(confirmWith(email, wrong(code))).rejects.toMatchObject({ name: 'CodeMismatchException' });
    }
    await expect(confirmWith(email, code)).rejects.toMatchObject({ name: 'LimitExceededException' });
    cognito.state.time += 15 * minuteMs;
    await confirmWith(email, code);
  });

  it('refuses a code after 24 hours, and takes a new one', async () => {
    const email = cognito.newEmail();
    await cognito.signUp(email);
    cognito.state.time += 24 * 60 * minuteMs;
    await expect(cognito.confirm(email)).rejects.toMatchObject({ name: 'ExpiredCodeException' });
    await cognito.client.send(new ResendConfirmationCodeCommand({ ClientId, Username: email }));
    expect(cognito.mails.at(-1)?.kind).toBe('resend');
    await cognito.confirm(email);
  });

  it('lets only the newest code count', async () => {
    const email = cognito.newEmail();
    await cognito.signUp(email);
    const old = cognito.codeFor(email);
    await cognito.client.send(new ResendConfirmationCodeCommand({ ClientId, Username: email }));
    // One code in a million is the same as the one before.
    while (cognito.codeFor(email) === old) {
      await cognito.client.send(new ResendConfirmationCodeCommand({ ClientId, Username: email }));
    }
    await expect(confirmWith(email, old)).rejects.toMatchObject({ name: 'CodeMismatchException' });
    await cognito.confirm(email);
  });

  it('confirms once', async () => {
    const { email } = await cognito.newUser();
    await expect(confirmWith(email, '123456')).rejects.toMatchObject({
      name: 'NotAuthorizedException',
      message: 'User cannot be confirmed. Current status is CONFIRMED',
    });
    const resent = cognito.client.send(new ResendConfirmationCodeCommand({ ClientId, Username: email }));
    await expect(resent).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('tells nobody who exists', async () => {
    await expect(confirmWith('nobody@example.com', '123456')).rejects.toMatchObject({ name: 'ExpiredCodeException' });
    const resent = await cognito.client.send(
      new ResendConfirmationCodeCommand({ ClientId, Username: 'nobody@example.com' }),
    );
    expect(resent.CodeDeliveryDetails?.Destination).toBe('n***@e***');
    expect(cognito.mails.some(({ to }) => to === 'nobody@example.com')).toBe(false);
  });

  it('starts anew, without old limits and codes, for a user who was deleted and signs up again', async () => {
    const email = cognito.newEmail();
    await cognito.signUp(email);
    const old = cognito.codeFor(email);
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await expect(confirmWith(email, wrong(old))).rejects.toMatchObject({ name: 'CodeMismatchException' });
    }
    const UserPoolId = cognito.ids.userPoolId;
    await cognito.client.send(new AdminDeleteUserCommand({ UserPoolId, Username: email }));
    await cognito.signUp(email);
    await cognito.confirm(email);
  });
});

it('limits how many codes are sent', async () => {
  const email = cognito.newEmail();
  await cognito.signUp(email);
  const resend = () => cognito.client.send(new ResendConfirmationCodeCommand({ ClientId, Username: email }));
  for (let sent = 1; sent <= 20; sent += 1) await resend();
  await expect(resend()).rejects.toMatchObject({ name: 'LimitExceededException' });
});

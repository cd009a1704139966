import { randomUUID } from 'node:crypto';
import {
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  InitiateAuthCommand,
  ListUsersCommand,
  SignUpCommand,
  type ListUsersCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCognitoFixture, tokensOf, type CognitoFixture } from './emulator-fixture.ts';

let cognito: CognitoFixture;
let ClientId: string;
let UserPoolId: string;

beforeAll(async () => {
  cognito = await startCognitoFixture({
    pool: { AliasAttributes: ['email'], EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT' } },
  });
  ({ clientId: ClientId, userPoolId: UserPoolId } = cognito.ids);
});
afterAll(() => cognito.close());

async function register(email: string, Username: string = randomUUID()) {
  const { UserSub } = await cognito.client.send(
    new SignUpCommand({
      ClientId,
      Username,
      Password: cognito.password,
      UserAttributes: [{ Name: 'email', Value: email }],
    }),
  );
  return { username: Username, sub: UserSub, code: cognito.codeFor(email) };
}

const confirm = ({ username: Username, code: ConfirmationCode }: { username: string; code: string }) =>
  cognito.client.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode }));

async function logIn(USERNAME: string) {
  const AuthParameters = { USERNAME, PASSWORD: cognito.password };
  const answer = await cognito.client.send(
    new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }),
  );
  return tokensOf(answer.AuthenticationResult);
}

describe('a pool whose e-mail addresses are aliases', () => {
  it('keeps the name that was chosen, beside a subject of its own', async () => {
    const email = cognito.newEmail();
    const registered = await register(email);
    expect(registered.sub).not.toBe(registered.username);
    await confirm(registered);
    for (const name of [email.toUpperCase(), registered.username])
      expect(decodeJwt((await logIn(name)).accessToken)).toMatchObject({
        username: registered.username,
        sub: registered.sub,
      });
    const found = await cognito.client.send(new AdminGetUserCommand({ UserPoolId, Username: email }));
    expect(found).toMatchObject({ Username: registered.username, UserStatus: 'CONFIRMED' });
  });

  it('takes one address many times, each with a code of its own, until one is confirmed', async () => {
    const email = cognito.newEmail();
    const [first, second, third] = [await register(email), await register(email), await register(email)];
    const foreign = confirm({ ...second, code: first.code === second.code ? '000000' : first.code });
    await expect(foreign).rejects.toMatchObject({ name: 'CodeMismatchException' });
    await confirm(second);
    for (const late of [first, third])
      await expect(confirm(late)).rejects.toMatchObject({ name: 'AliasExistsException' });
    expect(decodeJwt((await logIn(email)).accessToken)['username']).toBe(second.username);
    // Without the account the address is free again.
    await cognito.client.send(new AdminDeleteUserCommand({ UserPoolId, Username: second.username }));
    await confirm(third);
  });

  it('knows no address that is not confirmed', async () => {
    const email = cognito.newEmail();
    const { username } = await register(email);
    await expect(logIn(email)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    const found = cognito.client.send(new AdminGetUserCommand({ UserPoolId, Username: email }));
    await expect(found).rejects.toMatchObject({ name: 'UserNotFoundException' });
    const sent = cognito.mails.length;
    await cognito.client.send(new ForgotPasswordCommand({ ClientId, Username: email }));
    expect(cognito.mails).toHaveLength(sent);
    await expect(logIn(username)).rejects.toMatchObject({ name: 'UserNotConfirmedException' });
  });

  it('takes no address as a name, no name twice, and nobody without an address', async () => {
    const email = cognito.newEmail();
    await expect(register(email, email)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    const { username } = await register(email);
    await expect(register(email, username)).rejects.toMatchObject({ name: 'UsernameExistsException' });
    const input = { ClientId, Username: randomUUID(), Password: cognito.password };
    await expect(cognito.client.send(new SignUpCommand(input))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('lists its users page by page, all or those of one status', async () => {
    const pending = await register(cognito.newEmail());
    const list = async (Filter?: string) => {
      const names: (string | undefined)[] = [];
      let after: string | undefined;
      do {
        const page: ListUsersCommandOutput = await cognito.client.send(
          new ListUsersCommand({ UserPoolId, Limit: 2, PaginationToken: after, Filter }),
        );
        names.push(...(page.Users ?? []).map(({ Username }) => Username));
        after = page.PaginationToken;
      } while (after);
      return names;
    };
    const [all, unconfirmed] = [await list(), await list('cognito:user_status = "UNCONFIRMED"')];
    expect(new Set(all).size).toBe(all.length);
    expect(unconfirmed).toContain(pending.username);
    expect(unconfirmed.length).toBeLessThan(all.length);
    expect(cognito.asked.at(-1)).toMatchObject({ action: 'cognito-idp:ListUsers' });
  });
});

it('sends fifty e-mails a day where it sends them itself', async () => {
  cognito.state.time += 86_400_000;
  for (let sent = 1; sent <= 50; sent += 1) await register(cognito.newEmail());
  const exceeded = { name: 'LimitExceededException', message: expect.stringContaining('Exceeded daily email limit') };
  await expect(register(cognito.newEmail())).rejects.toMatchObject(exceeded);
  cognito.state.time += 86_400_000;
  await register(cognito.newEmail());
});

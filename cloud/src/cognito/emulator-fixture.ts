import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CognitoIdentityProviderClient,
  ConfirmSignUpCommand,
  InitiateAuthCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { AwsError, type AuthorizationRequest } from '../wire/index.ts';
import { createCognitoEmulator, type CognitoEmulatorOptions, type EnsurePoolOptions } from './emulator.ts';
import type { CognitoMail } from './mail.ts';

export type CognitoFixture = Awaited<ReturnType<typeof startCognitoFixture>>;

/** For tests: an emulator on a clock of its own, an SDK client, a mailbox, and people who sign up. */
export async function startCognitoFixture({
  invokeTrigger,
  ...pool
}: Pick<EnsurePoolOptions, 'pool' | 'client'> & Pick<CognitoEmulatorOptions, 'invokeTrigger'> = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'cognito-'));
  const mails: CognitoMail[] = [];
  const asked: AuthorizationRequest[] = [];
  const state = { time: Date.UTC(2026, 0, 1, 12), mailFails: false, refused: false };
  const emulator = await createCognitoEmulator({
    dir,
    now: () => state.time,
    onError: () => undefined,
    invokeTrigger,
    onEmail(mail) {
      if (state.mailFails) throw new Error('no mail today');
      mails.push(mail);
    },
    authorize(request) {
      asked.push(request);
      if (state.refused) throw new AwsError({ code: 'AccessDeniedException', message: 'not yours' });
    },
  });
  const ids = emulator.ensurePool({ name: 'people', clientName: 'web', ...pool });
  const client = new CognitoIdentityProviderClient({
    endpoint: emulator.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  const ClientId = ids.clientId;
  let people = 0;

  function codeFor(email: string): string {
    const mail = mails.findLast(({ to }) => to === email);
    if (!mail) throw new Error(`No mail for ${email}`);
    return mail.code;
  }

  return {
    dir,
    emulator,
    ids,
    client,
    mails,
    asked,
    state,
    codeFor,
    password: 'correct horse 1',

    newEmail: () => `person-${(people += 1)}@example.com`,

    async signUp(email: string, password = 'correct horse 1') {
      return client.send(new SignUpCommand({ ClientId, Username: email, Password: password }));
    },

    async confirm(email: string, session?: string) {
      return client.send(
        new ConfirmSignUpCommand({ ClientId, Username: email, ConfirmationCode: codeFor(email), Session: session }),
      );
    },

    async logIn(email: string, password = 'correct horse 1') {
      const answer = await client.send(
        new InitiateAuthCommand({
          ClientId,
          AuthFlow: 'USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: email, PASSWORD: password },
        }),
      );
      return tokensOf(answer.AuthenticationResult);
    },

    /** Somebody who has confirmed and logged in. */
    async newUser() {
      const email = this.newEmail();
      const { UserSub: sub = '' } = await this.signUp(email);
      await this.confirm(email);
      return { email, sub, ...(await this.logIn(email)) };
    },

    async close() {
      client.destroy();
      await emulator.close();
      rmSync(dir, { recursive: true });
    },
  };
}

interface Tokens {
  AccessToken?: string | undefined;
  IdToken?: string | undefined;
  RefreshToken?: string | undefined;
  ExpiresIn?: number | undefined;
}

export function tokensOf(result: Tokens | undefined) {
  const { AccessToken, IdToken, RefreshToken, ExpiresIn } = result ?? {};
  if (AccessToken === undefined || IdToken === undefined || RefreshToken === undefined) {
    throw new Error('Tokens are missing');
  }
  return { accessToken: AccessToken, idToken: IdToken, refreshToken: RefreshToken, expiresIn: ExpiresIn };
}

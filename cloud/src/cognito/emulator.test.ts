import { join } from 'node:path';
import {
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  ConfirmSignUpCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  InitiateAuthCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { JwtVerifier } from 'aws-jwt-verify';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { SignJWT, decodeJwt, generateKeyPair } from 'jose';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmulatorChild } from '../wire/emulator-child.ts';
import { createCognitoEmulator, type EnsuredPool } from './emulator.ts';
import { startCognitoFixture, tokensOf, type CognitoFixture } from './emulator-fixture.ts';

let cognito: CognitoFixture;

beforeAll(async () => {
  cognito = await startCognitoFixture();
});
afterAll(() => cognito.close());

/** As every door of this product verifies access tokens, but for HTTP, which CognitoJwtVerifier doesn't take. */
function createVerifier({ issuer, jwksUri, clientId }: EnsuredPool) {
  return JwtVerifier.create(
    {
      issuer,
      // Access tokens have no `aud`.
      audience: null,
      jwksUri,
      customJwtCheck({ payload }) {
        if (payload['token_use'] !== 'access') throw new Error('Not an access token');
        if (payload['client_id'] !== clientId) throw new Error('A token of another client');
      },
    },
    { jwksCache: new SimpleJwksCache({ fetcher: { fetch: async (uri) => (await fetch(uri)).arrayBuffer() } }) },
  );
}

describe('pools', () => {
  it('are made and described by the SDK', async () => {
    const { UserPool } = await cognito.client.send(
      new CreateUserPoolCommand({
        PoolName: 'strict',
        Policies: { PasswordPolicy: { MinimumLength: 12, RequireUppercase: true, RequireSymbols: true } },
      }),
    );
    expect(UserPool?.Id).toMatch(/^us-east-1_[A-Za-z0-9]{9}$/);
    const described = await cognito.client.send(new DescribeUserPoolCommand({ UserPoolId: UserPool?.Id }));
    expect(described.UserPool).toMatchObject({ Name: 'strict', Policies: { PasswordPolicy: { MinimumLength: 12 } } });

    const { UserPoolClient } = await cognito.client.send(
      new CreateUserPoolClientCommand({
        UserPoolId: UserPool?.Id,
        ClientName: 'lenient',
        PreventUserExistenceErrors: 'LEGACY',
        ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      }),
    );
    const ClientId = UserPoolClient?.ClientId;
    const client = await cognito.client.send(new DescribeUserPoolClientCommand({ UserPoolId: UserPool?.Id, ClientId }));
    expect(client.UserPoolClient).toMatchObject({ ClientName: 'lenient', PreventUserExistenceErrors: 'LEGACY' });

    const weak = cognito.client.send(
      new SignUpCommand({ ClientId, Username: 'a@example.com', Password: 'longenough 12' }),
    );
    await expect(weak).rejects.toMatchObject({
      message: 'Password did not conform with policy: Password must have uppercase characters',
    });
    const AuthParameters = { USERNAME: 'a@example.com', PASSWORD: 'x' };
    const unknown = cognito.client.send(
      new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }),
    );
    await expect(unknown).rejects.toMatchObject({ name: 'UserNotFoundException' });
    const notAllowed = cognito.client.send(
      new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_AUTH', AuthParameters }),
    );
    await expect(notAllowed).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('are ensured under the same ids, with the newest configuration', async () => {
    const client = { AccessTokenValidity: 1, TokenValidityUnits: { AccessToken: 'hours' as const } };
    const first = cognito.emulator.ensurePool({ name: 'ensured', clientName: 'web' });
    expect(cognito.emulator.ensurePool({ name: 'ensured', clientName: 'web', client })).toEqual(first);
    const { UserPoolClient } = await cognito.client.send(
      new DescribeUserPoolClientCommand({ UserPoolId: first.userPoolId, ClientId: first.clientId }),
    );
    expect(UserPoolClient).toMatchObject(client);
  });

  it('mail in their own words where they have any', async () => {
    const { clientId } = cognito.emulator.ensurePool({
      name: 'eloquent',
      clientName: 'web',
      pool: { EmailVerificationSubject: 'Oi', EmailVerificationMessage: '<p>Seu código: <b>{####}</b></p>' },
    });
    await cognito.client.send(
      new SignUpCommand({ ClientId: clientId, Username: 'oi@example.com', Password: cognito.password }),
    );
    const mail = cognito.mails.at(-1);
    expect(mail).toMatchObject({ subject: 'Oi', html: `<p>Seu código: <b>${mail?.code}</b></p>` });
    expect(mail?.text.trim()).toBe(`Seu código: ${mail?.code}`);
  });

  it('publish their keys and their configuration', async () => {
    const { issuer, jwksUri } = cognito.ids;
    const configuration: unknown = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
    expect(configuration).toMatchObject({ issuer, jwks_uri: jwksUri });
    const { keys } = z
      .object({ keys: z.array(z.record(z.string(), z.string())) })
      .parse(await (await fetch(jwksUri)).json());
    expect(keys).toHaveLength(1);
    expect(Object.keys(keys[0] ?? {}).toSorted()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
    const unknown = await fetch(`${cognito.emulator.endpoint}/us-east-1_unknown/.well-known/jwks.json`);
    expect(unknown.status).toBe(404);
  });
});

describe('access tokens', () => {
  it('verify with aws-jwt-verify, and nothing else does', async () => {
    // aws-jwt-verify goes by the machine's clock.
    cognito.state.time = Date.now();
    const verifier = createVerifier(cognito.ids);
    const user = await cognito.newUser();
    expect(await verifier.verify(user.accessToken)).toMatchObject({ sub: user.sub, token_use: 'access' });

    await expect(verifier.verify(user.idToken)).rejects.toThrow('Not an access token');
    await expect(verifier.verify(user.refreshToken)).rejects.toThrow('JWT');

    const [header = '', payload = '', signature = ''] = user.accessToken.split('.');
    const claims = decodeJwt(user.accessToken);
    const forgedPayload = Buffer.from(JSON.stringify({ ...claims, sub: 'somebody-else' })).toString('base64url');
    await expect(verifier.verify([header, forgedPayload, signature].join('.'))).rejects.toThrow('Invalid signature');
    const unsigned = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    await expect(verifier.verify([unsigned, payload, ''].join('.'))).rejects.toThrow('JWT');
    const { privateKey } = await generateKeyPair('RS256');
    const { kid } = z.object({ kid: z.string() }).parse(JSON.parse(Buffer.from(header, 'base64url').toString()));
    const foreign = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey);
    await expect(verifier.verify(foreign)).rejects.toThrow('Invalid signature');

    const { clientId } = cognito.emulator.ensurePool({ name: 'people', clientName: 'another' });
    const elsewhere = createVerifier({ ...cognito.ids, clientId });
    await expect(elsewhere.verify(user.accessToken)).rejects.toThrow('A token of another client');
    const otherIssuer = createVerifier({ ...cognito.ids, issuer: 'http://127.0.0.1:1/us-east-1_x' });
    await expect(otherIssuer.verify(user.accessToken)).rejects.toThrow('Issuer not allowed');

    cognito.state.time = Date.now() - 601_000;
    const expired = await cognito.newUser();
    await expect(verifier.verify(expired.accessToken)).rejects.toThrow('Token expired');
  });

  it('keep their issuer when the port changes, where a base is given', async () => {
    const issuerBase = 'http://cognito.local';
    const options = { dir: join(cognito.dir, 'based'), issuerBase };
    const first = await createCognitoEmulator(options);
    const { issuer, userPoolId } = first.ensurePool({ name: 'people', clientName: 'web' });
    expect(issuer).toBe(`${issuerBase}/${userPoolId}`);
    await first.close();
    const second = await createCognitoEmulator(options);
    expect(second.ensurePool({ name: 'people', clientName: 'web' }).issuer).toBe(issuer);
    await second.close();
  });
});

it('keeps users, sign-ins and its signing key when its process is killed', async () => {
  const dir = join(cognito.dir, 'killed');
  const issuerBase = 'http://cognito.local';
  const codes: string[] = [];
  const setUp = await createCognitoEmulator({ dir, issuerBase, onEmail: ({ code }) => codes.push(code) });
  const { clientId: ClientId } = setUp.ensurePool({ name: 'people', clientName: 'web' });
  await setUp.close();

  const module = new URL('./index.ts', import.meta.url).href;
  const start = async () => {
    const child = await startEmulatorChild({ module, factory: 'createCognitoEmulator', options: { dir, issuerBase } });
    const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
    const client = new CognitoIdentityProviderClient({ endpoint: child.endpoint, region: 'us-east-1', credentials });
    return { child, client };
  };

  const Username = 'kept@example.com';
  const Password = 'correct horse 1';
  const first = await start();
  const { Session } = await first.client.send(new SignUpCommand({ ClientId, Username, Password }));
  await first.child.kill();
  first.client.destroy();
  expect(Session).toBeDefined();

  // The child's mail went nowhere: have the code sent again by an emulator that shows it.
  const between = await createCognitoEmulator({ dir, issuerBase, onEmail: ({ code }) => codes.push(code) });
  const client = new CognitoIdentityProviderClient({ endpoint: between.endpoint, region: 'us-east-1' });
  await client.send(new ResendConfirmationCodeCommand({ ClientId, Username }));
  await client.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode: codes.at(-1) }));
  client.destroy();
  await between.close();

  const second = await start();
  const AuthParameters = { USERNAME: Username, PASSWORD: Password };
  const login = await second.client.send(
    new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }),
  );
  const { accessToken, refreshToken } = tokensOf(login.AuthenticationResult);
  await second.child.kill();
  second.client.destroy();

  const third = await start();
  await third.client.send(new GetUserCommand({ AccessToken: accessToken }));
  await third.client.send(new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken: refreshToken }));
  await third.child.kill();
  third.client.destroy();
});

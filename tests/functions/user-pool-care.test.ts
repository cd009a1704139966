import {
  AdminDeleteUserCommand,
  CognitoIdentityProviderClient,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { createClients, createPlacements } from '@top-active/aws';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askAuth, headersFromNewAddress } from '../support/auth-requests.ts';
import { startLambdasFixture, testPassword, type LambdasFixture } from '../support/lambdas-fixture.ts';

let fixture: LambdasFixture;
let cognito: CognitoIdentityProviderClient;
beforeAll(async () => {
  fixture = await startLambdasFixture();
  cognito = new CognitoIdentityProviderClient({ endpoint: fixture.cloud.endpoints.cognito });
});
afterAll(async () => {
  cognito.destroy();
  await fixture.close();
});

const pool = () => ({ UserPoolId: fixture.cloud.pool.userPoolId });
const namesInPool = async () => {
  const { Users = [] } = await cognito.send(new ListUsersCommand(pool()));
  return Users.map(({ Username }) => Username);
};
/** What the last run told of a metric. */
const told = (metric: string) =>
  fixture.logs.flatMap(({ functionName, line }) =>
    functionName === 'user-pool-care' && line.includes(`"${metric}":`)
      ? [Number(new RegExp(`"${metric}":(\\d+)`).exec(line)?.[1])]
      : [],
  );

it('removes a registration that is too old to be confirmed, and nobody else', async () => {
  const user = await fixture.newUser();
  const email = fixture.newEmail();
  const body = { email, password: testPassword, name: 'Ana Souza', locale: 'pt-BR' };
  const register = () => askAuth(`${fixture.origin}/api/auth/register`, { body, headers: headersFromNewAddress() });
  expect((await register()).status).toBe(202);
  const stale = (await namesInPool()).find((name) => name !== user.userId);
  grow(stale ?? '', 26 * 3_600_000);
  grow(user.userId, 26 * 3_600_000);
  expect((await register()).status).toBe(202);
  const before = await namesInPool();
  await fixture.run('user-pool-care');
  expect(new Set(await namesInPool())).toEqual(new Set(before.filter((name) => name !== stale)));
  expect(told('RegistrationsGivenUp').at(-1)).toBe(1);
});

it('tells of who has a session and is in the pool no more, and not of who was erased', async () => {
  const placements = createPlacements(createClients(), { table: fixture.cloud.tables.placements, shards: 2 });
  const [lost, erased, there] = [await fixture.newUser(), await fixture.newUser(), await fixture.newUser()];
  for (const { userId } of [lost, erased, there]) await placements.assign(userId);
  await fixture.run('user-pool-care');
  expect(told('VanishedUsers').at(-1)).toBe(0);
  const erase = await askAuth(`${fixture.origin}/api/me`, {
    method: 'DELETE',
    body: { password: testPassword },
    headers: { ...headersFromNewAddress(), authorization: `Bearer ${erased.api.accessToken}` },
  });
  expect(erase.status).toBe(202);
  await cognito.send(new AdminDeleteUserCommand({ ...pool(), Username: lost.userId }));
  await fixture.run('user-pool-care');
  expect(told('VanishedUsers').at(-1)).toBe(1);
  expect(JSON.stringify(fixture.logs.filter(({ functionName }) => functionName === 'user-pool-care'))).not.toContain(
    lost.email,
  );
  await placements.release(lost.userId);
});

/** As if the user had been made so much earlier. */
function grow(username: string, ms: number): void {
  const db = new DatabaseSync(join(fixture.dir, 'cognito', 'cognito.sqlite'));
  try {
    db.prepare('UPDATE users SET created_at = created_at - ? WHERE username = ?').run(ms, username);
  } finally {
    db.close();
  }
}

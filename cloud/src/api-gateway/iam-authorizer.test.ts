import { createHash, createHmac } from 'node:crypto';
import { createSignedFetch } from '@top-active/aws';
import { afterEach, describe, expect, it } from 'vitest';
import { AwsError, type AuthorizationRequest } from '../wire/index.ts';
import { createHttpApi, type HttpApi, type IamSettings } from './index.ts';

const open: HttpApi[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((api) => api.close()));
});

const caller = {
  arn: 'arn:aws:sts::000000000000:assumed-role/hosts/task-1',
  userId: 'AROATHEROLE:task-1',
  secretAccessKey: 'the secret',
};

async function start(settings: Partial<IamSettings> = {}) {
  const events: Record<string, unknown>[] = [];
  const api = await createHttpApi({
    routes: [
      { key: 'POST /internal/things', functionName: 'probe', authorizer: 'iam' },
      { key: 'POST /internal/{id}', functionName: 'probe', authorizer: 'iam' },
    ],
    iam: { identify: (accessKeyId) => (accessKeyId === 'AKIAHOST' ? caller : undefined), ...settings },
    invoke(_, event) {
      events.push(JSON.parse(JSON.stringify(event)));
      return Promise.resolve({ statusCode: 200, body: 'ok' });
    },
  });
  open.push(api);
  return { api, events };
}

/** The signer of the AWS SDK. */
function signer({ accessKeyId = 'AKIAHOST', secretAccessKey = 'the secret', region = 'us-east-1' } = {}) {
  const credentials = () => Promise.resolve({ accessKeyId, secretAccessKey });
  return createSignedFetch({ sts: { config: { credentials, region: () => Promise.resolve(region) } } });
}

const timeoutMs = 5_000;

describe('a route with IAM authorization', () => {
  it('tells the function who signed, as AWS found it', async () => {
    const { api, events } = await start();
    const url = `${api.endpoint}/internal/things`;
    const response = await signer()({ method: 'POST', url, body: { a: 'é' }, timeoutMs });
    expect(response.status).toBe(200);
    expect(events[0]).toMatchObject({
      body: '{"a":"é"}',
      requestContext: {
        authorizer: {
          iam: {
            accessKey: 'AKIAHOST',
            accountId: '000000000000',
            callerId: caller.userId,
            cognitoIdentity: null,
            principalOrgId: null,
            userArn: caller.arn,
            userId: caller.userId,
          },
        },
      },
    });
  });

  it('takes a path whose characters are encoded', async () => {
    const { api } = await start();
    const url = `${api.endpoint}/internal/a%20b%3Ac`;
    expect((await signer()({ method: 'POST', url, body: {}, timeoutMs })).status).toBe(200);
  });

  it.each([
    ['a wrong secret', { secretAccessKey: 'another' }],
    ['an unknown key', { accessKeyId: 'AKIANOBODY' }],
    ['another region', { region: 'sa-east-1' }],
  ])('refuses %s with 403', async (_, credentials) => {
    const { api, events } = await start();
    const url = `${api.endpoint}/internal/things`;
    const response = await signer(credentials)({ method: 'POST', url, body: {}, timeoutMs });
    expect([response.status, await response.json()]).toEqual([403, { message: 'Forbidden' }]);
    expect(events).toEqual([]);
  });

  it('refuses what is unsigned, changed on its way, or old', async () => {
    const { api, events } = await start();
    const post = (headers: Record<string, string>, body = '{}') =>
      fetch(`${api.endpoint}/internal/things`, { method: 'POST', headers, body });
    const signed = (at: Date, body = '{}') => sign({ api, at, body });
    expect((await post(signed(new Date()))).status).toBe(200);
    expect((await post({})).status).toBe(403);
    expect((await post({ authorization: 'Bearer token' })).status).toBe(403);
    expect((await post(signed(new Date()), '{"changed":true}')).status).toBe(403);
    expect((await post(signed(new Date(Date.now() - 6 * 60_000)))).status).toBe(403);
    expect((await post(signed(new Date(Date.now() + 6 * 60_000)))).status).toBe(403);
    expect(events).toHaveLength(1);
  });

  it('asks whether the caller may invoke this route', async () => {
    const asked: AuthorizationRequest[] = [];
    const { api, events } = await start({
      authorize(request) {
        asked.push(request);
        throw new AwsError({ code: 'AccessDeniedException', message: 'No' });
      },
    });
    const url = `${api.endpoint}/internal/things`;
    expect((await signer()({ method: 'POST', url, body: {}, timeoutMs })).status).toBe(403);
    expect(asked).toMatchObject([
      {
        service: 'execute-api',
        action: 'execute-api:Invoke',
        resource: 'arn:aws:execute-api:us-east-1:000000000000:local/$default/POST/internal/things',
        credentials: { accessKeyId: 'AKIAHOST' },
      },
    ]);
    expect(events).toEqual([]);
  });

  it('needs IAM settings', async () => {
    const routes = [{ key: 'POST /x', functionName: 'probe', authorizer: 'iam' as const }];
    await expect(createHttpApi({ routes, invoke: () => Promise.resolve({}) })).rejects.toThrow('no IAM settings');
  });
});

/** By hand, step by step as AWS describes it, to be able to lie about the time. */
function sign({ api, at, body }: { api: HttpApi; at: Date; body: string }): Record<string, string> {
  const date = at.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const scope = `${date.slice(0, 8)}/us-east-1/execute-api/aws4_request`;
  const sha = (text: string) => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const { host } = new URL(api.endpoint);
  const canonical = `POST\n/internal/things\n\nhost:${host}\nx-amz-date:${date}\n\nhost;x-amz-date\n${sha(body)}`;
  const key = hmac(hmac(hmac(hmac('AWS4the secret', date.slice(0, 8)), 'us-east-1'), 'execute-api'), 'aws4_request');
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha(canonical)}`).toString('hex');
  return {
    'x-amz-date': date,
    authorization: `AWS4-HMAC-SHA256 Credential=AKIAHOST/${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  };
}

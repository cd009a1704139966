import { expect, it } from 'vitest';
import { smokeCheck } from './smoke-check.ts';
import { startServer } from './test-support/start-server.ts';

const quick = { patienceMs: 100, pauseMs: 10 };

it('waits until page and API are what they should be', async () => {
  let asked = 0;
  await using app = await startServer(({ url }) => {
    asked += 1;
    if (asked < 3) return { status: 503, body: '' };
    return { body: url === '/' ? '<html>new' : '{"status":"ok"}' };
  });
  await smokeCheck({ address: app.endpoint, page: '<html>new', pauseMs: 1 });
  expect(app.asked.at(-1)?.url).toBe('/');
});

it('names what does not answer as it should', async () => {
  await using sick = await startServer(({ url }) => ({ body: url === '/' ? '<html>old' : '{"status":"ok"}' }));
  const address = sick.endpoint;
  await expect(smokeCheck({ address, page: '<html>new', ...quick })).rejects.toThrow(
    /does not serve the uploaded page yet/,
  );
  await using web = await startServer(() => ({ body: '<html>' }));
  await expect(smokeCheck({ address: web.endpoint, ...quick })).rejects.toThrow(
    /api\/health answers 200 and does not report/,
  );
  await expect(smokeCheck({ address: 'http://127.0.0.1:9', ...quick })).rejects.toThrow(/does not answer \(/);
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { capabilityNames } from '@top-active/core/contracts';
import type { OperatorFacts } from '@top-active/aws';
import { expect, it, onTestFinished } from 'vitest';
import { runChecks } from '../run-checks.ts';
import { localFactsChecks } from './facts.ts';

const build = '2.3000.1048032155';
const at = '2026-12-01T00:00:00.000Z';
const now = () => Date.parse(at);

const facts: OperatorFacts = {
  model: 'gpt-6-luna',
  models: [{ model: 'gpt-6-luna', available: true, checkedAt: at, shutdownDate: '2026-12-31' }],
  builds: [
    {
      build,
      firstMetAt: at,
      lastMetAt: at,
      capabilities: Object.fromEntries(
        capabilityNames.map((name) => [name, { state: name === 'media' ? 'missing' : 'ok' }]),
      ) as OperatorFacts['builds'][number]['capabilities'],
      repairs: [],
    },
  ],
  reception: { at, troubled: { [build]: 2 } },
};

/** What the doctor finds where a stack gives this answer. */
async function findings(status: number, body: unknown) {
  const server = createServer((request, response) =>
    response.writeHead(request.url === '/control/operator' ? status : 404).end(JSON.stringify(body)),
  );
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return runChecks(localFactsChecks({ worldPort: (server.address() as AddressInfo).port, now }));
}

it('shows what is missing on a page, who has trouble, and when the model ends', async () => {
  expect(await findings(200, facts)).toMatchObject([
    { title: 'WhatsApp’s page', status: 'warn', seen: `${build} since 2026-12-01: missing media` },
    { title: 'Reception', status: 'warn', seen: expect.stringContaining(`2 on page ${build}`) },
    { title: 'Model', status: 'warn', seen: 'OpenAI shuts gpt-6-luna down on 2026-12-31, in 30 days' },
  ]);
});

it('is content with sessions that receive, and with a host that has not told yet', async () => {
  const well = await findings(200, { ...facts, reception: { at, troubled: {} } });
  expect(well[1]).toMatchObject({ status: 'ok', seen: 'no session has trouble receiving' });
  const early = await findings(200, { ...facts, reception: undefined });
  expect(early[1]).toMatchObject({ status: 'ok', seen: expect.stringContaining('not reported yet') });
});

it('knows nothing without a stack, and says when one fails', async () => {
  const none = await runChecks(localFactsChecks({ worldPort: 1, now }));
  expect(none.map(({ status, seen }) => `${status} ${seen}`)).toEqual(
    Array.from({ length: 3 }, () => 'ok unknown: no stack is running'),
  );
  const broken = await findings(500, {});
  expect(broken.map(({ status }) => status)).toEqual(['fail', 'fail', 'fail']);
});

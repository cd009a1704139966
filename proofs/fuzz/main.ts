import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createOpenApiDocument } from '@top-active/lambdas/openapi';
import { createWorldClient, loginUser, registerUser, until } from '@top-active/local/client';
import { bootStack } from '@top-active/local/stack';
import { z } from 'zod';
import type { Paths } from './requests.ts';
import { runFuzz } from './run-fuzz.ts';
import { closeConnections, send } from './send.ts';

const usage = `Requests made from the OpenAPI document, good and broken, against the embedded stack through its edge, by a user with a neighbour.
Exits 1 if one is answered above 499 or not at all, or with anything of the neighbour's, or if the neighbour's data has changed.

  npm run prove -- fuzz [--count 20000] [--seed N] [--minutes 15] [--parallel 16]`;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    minutes: { type: 'string', default: '15' },
    parallel: { type: 'string', default: '16' },
    help: { type: 'boolean', default: false },
  },
});
/** An access token is good for ten. A new account each time: guesses at the password of the old one have locked it. */
const newAccountMs = 5 * 60_000;
const number = (name: 'count' | 'seed' | 'minutes' | 'parallel') =>
  z.coerce.number().int().positive().parse(values[name]);

if (values.help) console.log(usage);
else await run();

async function run(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'fuzz-'));
  const stack = await bootStack({ dir });
  try {
    const origin = stack.appOrigin;
    const world = createWorldClient(stack.worldOrigin);
    const mark = `canary${number('seed')}x`;
    const phone = '5511970000001';
    const customer = '5521980000002';
    const [clinic, writer] = [
      { number: phone, name: 'Clínica' },
      { number: customer, name: `${mark}customer` },
    ];
    for (const one of [clinic, writer]) await world.addPhone(one);
    await world.write(customer, phone, `${mark}message`);
    let neighbour = await registerUser({ origin, world, email: `${mark}@example.com`, name: `${mark}name` });
    await neighbour.linkWhatsApp(phone);
    const [chat] = await until(
      async () => {
        const found = await neighbour.chats();
        return found.length > 0 ? found : undefined;
      },
      { what: 'the neighbour’s chat', timeoutMs: 60_000 },
    );
    const messages = await neighbour.messages(chat?.id ?? '');
    let accounts = 0;
    const newAccount = () =>
      registerUser({ origin, world, email: `attacker-${(accounts += 1)}@example.com`, name: 'Attacker' });
    let own = newAccount();
    let loggedInAt = performance.now();
    const token = async (): Promise<string> => {
      if (performance.now() - loggedInAt > newAccountMs) {
        loggedInAt = performance.now();
        own = newAccount();
      }
      return (await own).api.accessToken ?? '';
    };
    const stateOfNeighbour = async () =>
      JSON.stringify([
        await neighbour.api.call('GET /api/me', {}),
        await neighbour.chats(),
        await neighbour.messages(chat?.id ?? ''),
      ]);
    const before = await stateOfNeighbour();

    const document = createOpenApiDocument({ origin, version: '1' });
    console.log(
      `Seed ${number('seed')}, ${number('count')} requests, ${Object.keys(document.paths ?? {}).length} paths`,
    );
    const began = performance.now();
    const { sent, statuses, findings } = await runFuzz({
      paths: z.custom<Paths>().parse(JSON.parse(JSON.stringify(document.paths))),
      ids: [chat?.id ?? '', messages[0]?.id ?? '', neighbour.userId, '01JD3W5ZK2Q8N6V4T0XHRB7MCA'],
      canaries: [mark],
      count: number('count'),
      seed: number('seed'),
      limitMs: number('minutes') * 60_000,
      parallel: number('parallel'),
      ask: async (request) =>
        send(
          origin,
          request,
          { own: await token(), nobody: undefined, forged: `${(await token()).slice(0, -6)}AAAAAA` }[request.as],
        ),
    });
    // Earlier tokens have expired by now.
    neighbour = await loginUser({ origin, world, email: neighbour.email });
    const isUntouched = (await stateOfNeighbour()) === before;
    console.table(statuses);
    for (const { request, what, answer } of findings.slice(0, 20))
      console.log(`${what}: ${JSON.stringify({ ...request, body: request.body?.slice(0, 300) })}\n   ${answer}`);
    const seconds = Math.round((performance.now() - began) / 1000);
    console.log(
      `${sent} requests in ${seconds} s, ${findings.length} wrong; the neighbour's data ${isUntouched ? 'unchanged' : 'CHANGED'}`,
    );
    if (sent < number('count')) console.log('Stopped by --minutes before all were sent.');
    process.exitCode = findings.length === 0 && isUntouched ? 0 : 1;
  } finally {
    closeConnections();
    await stack.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createWorldClient } from '@top-active/local/client';
import { createCloudMeter, usageBetween, type Usage } from '@top-active/cloud/metering';
import { bootStack } from '@top-active/local/stack';
import { readCheckpointFiles } from './checkpoint-files.ts';
import { isPeriodic, leastOf, measureFlow, surplusOf, untilQuiet } from './flow-meter.ts';
import { login, measureRound, setScene } from './flows.ts';
import { openApp } from './open-app.ts';
import { linkOwner, newOwner } from './owner.ts';
import { storedBytes } from './stored-bytes.ts';

// `npm run prove -- cost-flows`: counts what each flow asks of AWS and writes it down for `npm run ops -- cost`.
const { values } = parseArgs({
  options: {
    out: { type: 'string', default: fileURLToPath(new URL('../../operations/src/cost/flows.json', import.meta.url)) },
    rounds: { type: 'string', default: '3' },
    'quiet-ms': { type: 'string', default: '2000' },
    /**
     * Once around for each wheel of the clockwork: the host's credentials are renewed every ten minutes, an app pings
     * every five.
     */
    'idle-seconds': { type: 'string', default: '600' },
  },
});
const quietMs = Number(values['quiet-ms']);
const idleSeconds = Number(values['idle-seconds']);
/** The host looks for lost commands every two seconds at first. */
const hostSettlesMs = 160_000;
const idleBeginsMs = 5_000;

const dir = mkdtempSync(join(tmpdir(), 'flows-'));
const meter = createCloudMeter();
const stack = await bootStack({ dir, meter, onLog: () => undefined });
try {
  const world = createWorldClient(stack.worldOrigin);
  const owner = await newOwner({ stack, world, number: 1 });
  const flows: Record<string, unknown> = {};
  show('linking');
  await untilQuiet(meter, quietMs);
  flows.link = { usage: await measureFlow(meter, { run: () => linkOwner(owner, world), quietMs }) };
  const scene = await setScene({ stack, world, owner });
  await pause(hostSettlesMs);

  show('messages');
  const store = {
    endpoint: stack.cloud.servers.dynamodb,
    table: stack.cloud.tables.items,
    userId: owner.user.userId,
  };
  const first = await measureRound({ scene, meter, quietMs });
  const rounds = [];
  for (let round = 0; round < Number(values.rounds); round++)
    rounds.push(await measureRound({ scene, meter, quietMs }));
  for (const [name, cold] of first)
    flows[name] = { usage: leastOf(rounds.map((round) => round.get(name) ?? [])), keysWhenCold: keysOf(cold) };
  const bytesBefore = await storedBytes(store);
  await measureRound({ scene, meter, quietMs });
  // Two messages in, two out, a suggestion and an appointment.
  const storedBytesPerRound = (await storedBytes(store)) - bytesBefore;

  show('app');
  const logins = [];
  for (let round = 0; round < 2; round++) logins.push(await measureFlow(meter, { run: () => login(scene), quietMs }));
  flows.login = { usage: leastOf(logins) };
  const app = await openApp({ owner, origin: stack.appOrigin });
  const chatUrl = `${stack.appOrigin}/conversas/${scene.chatId}`;
  await app.page.goto(chatUrl);
  await untilQuiet(meter, quietMs);
  const opened = { before: app.fetched(), after: app.fetched() };
  flows.appOpen = {
    usage: await measureFlow(meter, { run: () => app.page.reload(), quietMs }),
  };
  opened.after = app.fetched();
  const inOpenApp = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    const run = async () => {
      await world.write(scene.customer, owner.phone, `Oi ${round}`);
      await app.shows(`Oi ${round}`);
    };
    inOpenApp.push(await measureFlow(meter, { run, quietMs }));
  }
  flows.messageInAppOpen = { usage: leastOf(inOpenApp) };

  // The app marks what it shows as read, and the phone hears of it.
  await untilQuiet(meter, idleBeginsMs);
  show(`idle, twice ${idleSeconds} seconds`);
  const withApp = await idle();
  await app.close();
  await untilQuiet(meter, quietMs);
  const withoutApp = await idle();

  const checkpoint = await readCheckpointFiles(join(dir, 'checkpoints'));
  const document = {
    measuredAt: new Date().toISOString().slice(0, 10),
    flows,
    idle: {
      seconds: idleSeconds,
      stack: withoutApp.filter(isStackWork),
      session: withoutApp.filter((usage) => !isStackWork(usage)),
      openApp: surplusOf(withApp, withoutApp).filter((usage) => !isStackWork(usage)),
    },
    storedBytesPerRound,
    checkpointBytes: checkpoint.bytes,
    appOpen: {
      requests: opened.after.requests - opened.before.requests,
      bytes: opened.after.bytes - opened.before.bytes,
    },
  };
  writeFileSync(values.out, `${JSON.stringify(document, null, 2)}\n`);
  show(`written to ${values.out}`);
} finally {
  await stack.close();
  await meter.close();
  rmSync(dir, { recursive: true, force: true });
}

async function idle(): Promise<Usage[]> {
  const before = meter.read();
  await pause(idleSeconds * 1000);
  return usageBetween(before, meter.read());
}

/** What happens however many users there are: empty receives, the sweep. */
function isStackWork(usage: Usage): boolean {
  return isPeriodic(usage) && !usage.resource.startsWith('items ');
}

/** Keys and credentials, which caches keep for minutes: what a first time takes. */
function keysOf(usages: readonly Usage[]): Usage[] {
  return usages.filter(({ service }) => service === 'kms' || service === 'sts');
}

function show(what: string): void {
  console.log(what);
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { newestBuild, pageBuilds, type PageBuild } from '@top-active/world/whatsapp';
import { describeCost } from '../checkpoints/describe-cost.ts';
import { measureCheckpointCost, type CheckpointCost } from '../checkpoints/measure-cost.ts';
import { createDefaultFleet, fullChromium } from './default-fleet.ts';
import { coresUsedByOthers, readMachineTime } from './machine-time.ts';
import { measureFleet, type FleetFigures } from './measure-fleet.ts';
import { bootOwnFleet, type OwnFleet } from './own-fleet.ts';
import { measurePhoneToScreen } from './phone-to-screen.ts';
import { rowsOf, troublesOf } from './report.ts';

const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: '1,5,10,20' },
    settle: { type: 'string', default: '60' },
    restarts: { type: 'string', default: '3' },
    inbound: { type: 'string', default: '10x200' },
    messages: { type: 'string', default: '200' },
    checkpoints: { type: 'string', default: '1,5,20' },
    'without-defaults': { type: 'boolean', default: false },
    page: { type: 'string', default: newestBuild },
  },
});
const counts = values.sessions
  .split(',')
  .map(Number)
  .toSorted((a, b) => a - b);
const [users = 0, messagesPerUser = 0] = values.inbound.split('x').map(Number);
if (!(users <= (counts.at(-1) ?? 0)))
  throw new Error(`--inbound ${values.inbound}: there are fewer users, as --sessions ${values.sessions} says`);
const plan = {
  counts,
  settleMs: Number(values.settle) * 1_000,
  restarts: Number(values.restarts),
  inbound: { users, messagesPerUser },
};
/** Fewer than `npm run prove -- checkpoints` takes. */
const checkpointRounds = { unchanged: 3, one: 10, hundred: 5, zip: 2 };

const startedAt = new Date();
const load = { before: loadavg()[0], after: loadavg()[0] };
/**
 * Cores that others were using while each part was measured, at most: what ended without being waited for counts as
 * others'.
 */
const others: Record<string, number> = {};
console.log(
  `Measured on the WhatsApp stand-in, ${cpus().length} cores, ${Math.round(totalmem() / 1e9)} GB, load ${load.before?.toFixed(1)}. Trust ratios, not absolutes.\n`,
);
const { own, defaults, latency } = await measureSessions();
const checkpoints = await part('Checkpoints', async () => {
  const costs: CheckpointCost[] = [];
  for (const megabytes of values.checkpoints.split(',').map(Number))
    costs.push(await measureCheckpointCost({ megabytes, rounds: checkpointRounds }));
  return costs;
});
load.after = loadavg()[0];
report();

function pageBuild(): PageBuild {
  const build = pageBuilds.find((known) => known === values.page);
  if (!build) throw new Error(`--page ${values.page}: the stand-in has ${pageBuilds.join(', ')}`);
  return build;
}

async function measureSessions() {
  const fleet = await bootOwnFleet({ build: pageBuild() });
  try {
    let latency: number[] = [];
    const beforeInbound = async () => {
      latency = await measureLatency(fleet);
    };
    const own = await part('Our sessions', () => measureFleet({ ...plan, fleet, beforeInbound }));
    // The host's own sessions stop first: both sides get the machine to themselves.
    await fleet.stopHost();
    return { own, latency, defaults: await measureDefaults(fleet) };
  } finally {
    await fleet.close();
  }
}

async function measureLatency({ stack, users: [user], phones: [phone] }: OwnFleet): Promise<number[]> {
  if (!user || !phone) throw new Error('--sessions needs at least one session');
  return measurePhoneToScreen({ stack, user, phone, messages: Number(values.messages) });
}

async function measureDefaults({ stack }: OwnFleet): Promise<FleetFigures | undefined> {
  if (values['without-defaults']) return undefined;
  const executablePath = fullChromium();
  if (!executablePath) {
    console.log('No full Chromium: the library defaults are not measured (apt-get install chromium).');
    return undefined;
  }
  const fleet = createDefaultFleet({ stack, executablePath });
  try {
    return await part("The library's defaults", () => measureFleet({ ...plan, fleet }));
  } finally {
    await fleet.close();
  }
}

function report(): void {
  const rows = rowsOf({ counts, own, defaults, latency });
  console.table(Object.fromEntries(rows.map(({ figure, ...rest }) => [figure, rest])));
  for (const trouble of troublesOf(own)) console.log(`Ours: ${trouble}`);
  for (const trouble of defaults ? troublesOf(defaults) : []) console.log(`Library's defaults: ${trouble}`);
  for (const { profile, row } of checkpoints.map(describeCost)) {
    console.log(`\nCheckpoints of a profile of ${profile}:`);
    console.table(row);
  }
  console.log('\nCores that others were using meanwhile, at most:', others);
  const folder = fileURLToPath(new URL('./results/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const file = `${folder}${startedAt.toISOString().slice(0, 19).replaceAll(':', '-')}.json`;
  const document = {
    at: startedAt.toISOString(),
    minutes: Math.round((Date.now() - startedAt.getTime()) / 60_000),
    load,
    coresUsedByOthers: others,
    standIn: true,
    page: values.page,
    rows,
    own,
    defaults,
    latency,
    checkpoints,
  };
  writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
  console.log(`\nLoad before ${load.before?.toFixed(1)}, after ${load.after?.toFixed(1)}. Written to ${file}`);
}

/** Measures a part, and how busy others kept the machine meanwhile. */
async function part<T>(title: string, measure: () => Promise<T>): Promise<T> {
  console.log(title);
  const from = readMachineTime();
  const figures = await measure();
  others[title] = Math.round(coresUsedByOthers(from, readMachineTime()) * 100) / 100;
  return figures;
}

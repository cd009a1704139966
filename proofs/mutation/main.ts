import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mutateRoom } from './mutate-room.ts';
import { findRoom, usualRooms } from './rooms.ts';
import { listMissed, scoreOf } from './score.ts';

const usage = `Changes the product's sources one by one (StrykerJS), and counts the changes that no unit test notices.

  npm run prove -- mutation [ROOM…] [--least PERCENT] [--concurrency RUNS]

  ROOM           a workspace (core), a folder of its sources (session-host/commands), or files of it with the
                 tests whose names begin alike ('session-host/inbound/{catch-up,inbound}.ts'); by default ${usualRooms.join(', ')}
  --least        exits 1 where a room's score is below
  --concurrency  runs of tests beside each other; by default one per core`;

const repository = join(import.meta.dirname, '../..');

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    least: { type: 'string', default: '0' },
    concurrency: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(usage);
else
  await mutate(positionals.length > 0 ? positionals : usualRooms, {
    least: readPercent(values.least),
    concurrency: values.concurrency === undefined ? undefined : readRuns(values.concurrency),
  });

async function mutate(
  names: readonly string[],
  { least, concurrency }: { least: number; concurrency: number | undefined },
): Promise<void> {
  process.chdir(repository);
  const rooms = names.map((name) => findRoom(name, repository));
  const lines: string[] = [];
  for (const room of rooms) {
    const began = performance.now();
    const mutants = await mutateRoom(room, { concurrency });
    const { noticed, survived, unreached, percent } = scoreOf(mutants);
    for (const missed of listMissed(mutants, repository)) console.log(missed);
    const seconds = Math.round((performance.now() - began) / 1_000);
    lines.push(
      `${room.name}: ${percent.toFixed(1)} % (${noticed} noticed, ${survived} survived, ${unreached} not reached), ${seconds} s`,
    );
    if (percent < least) process.exitCode = 1;
  }
  console.log(`\n${lines.join('\n')}\n\nEach change: proofs/mutation/results/`);
}

function readPercent(text: string): number {
  const percent = Number(text);
  if (text === '' || !(percent >= 0 && percent <= 100)) throw new Error(`--least takes 0 to 100, not ${text}`);
  return percent;
}

function readRuns(text: string): number {
  const runs = Number(text);
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--concurrency takes a whole number from 1, not ${text}`);
  return runs;
}

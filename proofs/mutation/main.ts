import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mutateRoom } from './mutate-room.ts';
import { findRoom, usualRooms } from './rooms.ts';
import { listMissed, scoreOf } from './score.ts';

const usage = `Changes the product's sources one by one (StrykerJS), and counts the changes that no unit test notices.

  npm run prove -- mutation [ROOM…] [--least PERCENT]

  ROOM     a workspace (core), or a folder of its sources (session-host/commands); by default ${usualRooms.join(', ')}
  --least  exits 1 where a room's score is below`;

const repository = join(import.meta.dirname, '../..');

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { least: { type: 'string', default: '0' }, help: { type: 'boolean', default: false } },
});
if (values.help) console.log(usage);
else await mutate(positionals.length > 0 ? positionals : usualRooms, readPercent(values.least));

async function mutate(names: readonly string[], least: number): Promise<void> {
  process.chdir(repository);
  const rooms = names.map((name) => findRoom(name, repository));
  const lines: string[] = [];
  for (const room of rooms) {
    const began = performance.now();
    const mutants = await mutateRoom(room);
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

import { playIsolation } from './play-isolation.ts';

const usage = `Plays a function that was taken over with one tenant's real session, against everything of another tenant on the embedded stack.
Prints what was tried and what was refused. Exits 1 if anything got through.

  npm run prove -- isolation`;

if (process.argv.includes('--help')) console.log(usage);
else {
  const rows = await playIsolation();
  console.table(rows.map(({ area, tried, through }) => ({ area, tried, refused: tried - through.length })));
  const through = rows.flatMap((row) => row.through);
  for (const { what, outcome } of through) console.log(`Got through: ${what}: ${outcome}`);
  const tried = rows.reduce((sum, row) => sum + row.tried, 0);
  console.log(`${tried} attempts, ${tried - through.length} refused, ${through.length} got through`);
  process.exitCode = through.length === 0 ? 0 : 1;
}

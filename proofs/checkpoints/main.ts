// `npm run prove -- checkpoints`: what a checkpoint costs by the size of the profile, beside the library's RemoteAuth
// in the same run. Sizes in MB as an argument.
import { describeCost } from './describe-cost.ts';
import { measureCheckpointCost } from './measure-cost.ts';

const sizes = (process.argv[2] ?? '1,5,20,50').split(',').map(Number);
const rounds = { unchanged: 5, one: 20, hundred: 20, zip: 4 };

const table: Record<string, Record<string, string>> = {};
for (const megabytes of sizes) {
  const { profile, row } = describeCost(await measureCheckpointCost({ megabytes, rounds }));
  table[profile] = row;
  console.log(`Profile of ${profile}:`);
  console.table(row);
}
console.log(JSON.stringify(table, null, 2));

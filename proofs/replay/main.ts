import { parseArgs } from 'node:util';
import { createWorldClient } from '@top-active/local/client/world-client';
import { readDialogues } from './dialogues.ts';
import { replay } from './replay.ts';

const usage = `Plays recorded conversations through the simulated phones into a running stack.

  npm run prove -- replay FILE [--users 4] [--parallel 4] [--limit N] [--app URL] [--world URL] [--json]

The stack must be running (npm start). Exits 1 if a message is out of order, duplicated, lost or foreign.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    users: { type: 'string', default: '4' },
    parallel: { type: 'string', default: '4' },
    limit: { type: 'string' },
    app: { type: 'string', default: 'http://127.0.0.1:3000' },
    world: { type: 'string', default: 'http://127.0.0.1:3001' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const [file] = positionals;
if (!file || values.help) {
  console.log(usage);
  process.exit(values.help ? 0 : 2);
}

try {
  const { source, licence, dialogues, emptyTurns } = await readDialogues(file);
  const chosen = dialogues.slice(0, values.limit ? Number(values.limit) : undefined);
  if (!values.json)
    console.log(
      `${chosen.length} dialogues${source ? ` of ${source}` : ''}${licence ? ` (${licence})` : ''}, over the WhatsApp stand-in`,
    );
  if (!values.json && emptyTurns > 0)
    console.log(`${emptyTurns} turns without text are left out: nobody can type them`);
  const result = await replay({
    origin: values.app,
    world: createWorldClient(values.world),
    dialogues: chosen,
    users: Number(values.users),
    parallel: Number(values.parallel),
    onProgress: ({ done, of }) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${of}`);
    },
  });
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  if (values.json) console.log(JSON.stringify(result, null, 2));
  else console.table(result);
  process.exitCode = result.outOfOrder + result.duplicated + result.lost + result.foreign > 0 ? 1 : 0;
} catch (error) {
  console.error(describe(error));
  process.exitCode = 2;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message === 'fetch failed')
    return `Nothing answers at ${values.app} or ${values.world}. Start the stack first: npm start`;
  return error.cause instanceof Error ? `${error.message}\n  ${error.cause.message}` : error.message;
}

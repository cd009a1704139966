import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createWorldClient, registerUser } from '@top-active/local/client';
import { bootStack, StackError } from '@top-active/local/stack';
import { showSteps } from '@top-active/local/stack/show-steps';
import { checkStack } from './check-stack.ts';
import { writeReport } from './report.ts';
import { createTerminalGuide } from './terminal-guide.ts';
import { readVersions } from './versions.ts';

const usage = `npm run live:check -- [--dir DIR] [--report FILE] [--minutes 5] [--rehearse]

Guides you through linking the real WhatsApp, and checks each thing that the product does with it. You need a phone whose number you can afford to lose,
and a second phone with another number. You do this at your own risk: WhatsApp may block numbers that use unofficial clients.

  --dir DIR      folder for the state of the run (.local-live-check); it is emptied at the start
  --report FILE  where to write the report, which contains no numbers, names or texts (live-report.md)
  --minutes N    how long to wait for each step that you do by hand, 1 to 60 (5)
  --rehearse     use the simulated WhatsApp and its simulated phones instead`;

const { values } = parseArgs({
  options: {
    dir: { type: 'string', default: '.local-live-check' },
    report: { type: 'string', default: 'live-report.md' },
    minutes: { type: 'string', default: '5' },
    rehearse: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const minutes = Number(values.minutes);

if (values.help) console.log(usage);
else if (!(minutes >= 1 && minutes <= 60)) {
  console.error(`--minutes ${values.minutes} must be a number from 1 to 60.\n\n${usage}`);
  process.exitCode = 2;
} else await run();

async function run(): Promise<void> {
  const dir = values.dir.startsWith('/') ? values.dir : join(process.cwd(), values.dir);
  const stack = await bootStack({ dir, fresh: true, live: !values.rehearse, onStep: showSteps }).catch(
    (error: unknown) => {
      if (!(error instanceof StackError)) throw error;
      console.error(`\nThe check cannot start: ${error.message}\n`);
      process.exitCode = 1;
      return undefined;
    },
  );
  if (!stack) return;
  const guide = createTerminalGuide();
  try {
    const world = createWorldClient(stack.worldOrigin);
    const email = `live-check-${randomUUID().slice(0, 8)}@example.com`;
    const owner = await registerUser({ origin: stack.appOrigin, world, email, name: 'Live check' });
    if (values.rehearse) guide.tell(`Simulated phones: ${stack.worldOrigin}`);
    const versions = readVersions(process.env.CHROMIUM_PATH ?? 'chromium');
    const report = await checkStack({ stack, owner, guide, versions, patienceMs: minutes * 60_000 });
    writeFileSync(values.report, writeReport(report));
    console.log(`\nThe report is in ${values.report}. It contains no numbers, names or texts.`);
    process.exitCode = report.steps.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
  } finally {
    guide.close();
    await stack.close();
  }
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fullChromium, measureDefaultSessions } from './default-sessions.ts';
import { measureOwnSessions, type SessionFigures } from './own-sessions.ts';
import { measurePhoneToScreen } from './phone-to-screen.ts';
import { quantile } from './quantiles.ts';

const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: '1,5,10' },
    messages: { type: 'string', default: '200' },
    'without-defaults': { type: 'boolean', default: false },
  },
});
const counts = values.sessions.split(',').map(Number);
const largest = Math.max(...counts);

console.log(
  `Measured on the WhatsApp stand-in, ${cpus().length} cores, ${Math.round(totalmem() / 1e9)} GB. Trust ratios, not absolutes.\n`,
);
const own = await measureOwnSessions(counts);
try {
  const [user] = own.users;
  const [phone] = own.phones;
  if (!user || !phone) throw new Error('--sessions needs at least one session');
  const latency = await measurePhoneToScreen({ stack: own.stack, user, phone, messages: Number(values.messages) });
  const executablePath = values['without-defaults'] ? undefined : fullChromium();
  if (!executablePath)
    console.log('No full Chromium: the library defaults are not measured (apt-get install chromium).\n');
  // The host's own sessions stop first: both sides get the machine to themselves.
  await own.stack.sessionHost.stop();
  const defaults = executablePath
    ? await measureDefaultSessions({ stack: own.stack, counts, executablePath })
    : undefined;
  report({ own: own.figures, defaults, latency });
} finally {
  await own.close();
}

function report({
  own,
  defaults,
  latency,
}: {
  own: SessionFigures;
  defaults: SessionFigures | undefined;
  latency: number[];
}): void {
  const rows = [
    row('connect → QR code, median (ms)', quantile(own.qrMs, 0.5), defaults && quantile(defaults.qrMs, 0.5)),
    ...counts.map((count) =>
      row(`memory per session at ${count} (PSS, MB)`, own.pssPerSession[count], defaults?.pssPerSession[count]),
    ),
    row(`restart → all ${largest} ready (ms)`, own.restartMs, defaults?.restartMs),
    row('phone → screen, p50 (ms)', quantile(latency, 0.5)),
    row('phone → screen, p95 (ms)', quantile(latency, 0.95)),
  ];
  console.table(Object.fromEntries(rows.map(({ figure, ...rest }) => [figure, rest])));
  const folder = fileURLToPath(new URL('../results/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const file = `${folder}${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.json`;
  writeFileSync(
    file,
    `${JSON.stringify({ at: new Date().toISOString(), standIn: true, rows, own, defaults, latency }, null, 2)}\n`,
  );
  console.log(`\nWritten to ${file}`);
}

function row(figure: string, ours?: number, libraryDefaults?: number) {
  return {
    figure,
    ours: rounded(ours),
    libraryDefaults: rounded(libraryDefaults),
    ratio: ours && libraryDefaults ? Math.round((ours / libraryDefaults) * 100) / 100 : undefined,
  };
}

/** To one decimal. */
function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value * 10) / 10;
}

import { createInterface } from 'node:readline';
import QRCode from 'qrcode';
import type { Guide } from './guide.ts';

/** Leads in the terminal: `s` and Enter leave a step out; questions take y, n or s. */
export function createTerminalGuide(): Guide & { close(): void } {
  const lines = createInterface({ input: process.stdin });
  /** Who is asked next: the question if there is one, else the step that runs. */
  const listeners: ((line: string) => void)[] = [];
  lines.on('line', (line) => listeners.at(-1)?.(line.trim().toLowerCase()));

  function listen(listener: (line: string) => void): () => void {
    listeners.push(listener);
    return () => {
      const place = listeners.indexOf(listener);
      if (place !== -1) listeners.splice(place, 1);
    };
  }

  return {
    tell: (text) => print(`  ${text}`),
    async showCode(code) {
      print(await QRCode.toString(code, { type: 'terminal', small: true }));
    },
    instruct(step, text) {
      print(`\n▸ ${step}: ${text}\n  (s and Enter: leave this step out)`);
      const leaving = new AbortController();
      const end = listen((line) => {
        if (line === 's') leaving.abort();
      });
      return { skipped: leaving.signal, end };
    },
    confirm: (_, question) =>
      new Promise((resolve) => {
        print(`  ${question} (y/n, s leaves it out)`);
        const answers = { y: 'yes', n: 'no', s: 'skip' } as const;
        const end = listen((line) => {
          if (line !== 'y' && line !== 'n' && line !== 's') return print('  Please answer y, n or s.');
          end();
          return resolve(answers[line]);
        });
      }),
    close: () => lines.close(),
  };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

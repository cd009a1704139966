import { createInterface } from 'node:readline';
import QRCode from 'qrcode';
import type { Guide } from './guide.ts';

/** Guides a person in the terminal: `s` and Enter skip a step; questions take y, n or s. */
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
      print(`\n▸ ${step}: ${text}\n  (To skip this step, press s and Enter.)`);
      const leaving = new AbortController();
      const end = listen((line) => {
        if (line === 's') leaving.abort();
      });
      return { skipped: leaving.signal, end };
    },
    confirm: (_, question) =>
      new Promise((resolve) => {
        print(`  ${question} (y = yes, n = no, s = skip this step)`);
        const answers = { y: 'yes', n: 'no', s: 'skip' } as const;
        const end = listen((line) => {
          if (line !== 'y' && line !== 'n' && line !== 's') return print('  Please answer with y, n or s, then Enter.');
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

import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { PageSettings } from './page-settings.ts';

const entry = fileURLToPath(new URL('./page/main.ts', import.meta.url));
let cached: Promise<string> | undefined;

/** The page's script, bundled once per process. */
export function pageScript(): Promise<string> {
  cached ??= bundle();
  return cached;
}

async function bundle(): Promise<string> {
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'chrome120',
    legalComments: 'none',
    logLevel: 'silent',
  });
  const [file] = result.outputFiles;
  if (file === undefined) throw new Error('esbuild produced no page script.');
  return file.text;
}

/** Each document carries its settings: data, which no content security policy takes for a script. */
export function pageHtml(settings: PageSettings): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>WhatsApp Web stand-in (simulated)</title>
<link rel="stylesheet" href="/page.css">
</head>
<body>
<main>
<h1>WhatsApp Web stand-in <small>simulated</small></h1>
<p>This page plays the part of WhatsApp Web for a development machine. It is not WhatsApp, and nothing here leaves this computer.</p>
<dl id="facts"></dl>
</main>
<script type="application/json" id="page-settings">${JSON.stringify(settings)}</script>
<script src="/page.js"></script>
</body>
</html>
`;
}

export const pageCss = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; }
main { max-width: 40rem; padding: 2rem; }
small { font-weight: 400; opacity: .7; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; }
dt { opacity: .7; }
dd { margin: 0; overflow-wrap: anywhere; }
`;

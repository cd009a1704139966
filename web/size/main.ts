import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { manifestSchema, measureRoute } from './first-load.ts';

/** Gzipped JavaScript until any route of the app shows. */
const limit = 200 * 1024;

const layouts = { guest: 'src/layouts/AuthLayout.vue', app: 'src/layouts/AppLayout.vue' };
const texts = (...areas: readonly string[]) => ['index', ...areas].map((area) => `src/i18n/pt-br/${area}.ts`);
const routes: Record<string, readonly string[]> = {
  '/entrar': [layouts.guest, 'src/pages/LoginPage.vue', ...texts('auth', 'settings')],
  '/criar-conta': [layouts.guest, 'src/pages/RegisterPage.vue', ...texts('auth')],
  '/esqueci-a-senha': [layouts.guest, 'src/pages/ForgotPasswordPage.vue', ...texts('auth')],
  '/': [layouts.app, 'src/pages/StepsPage.vue', ...texts('setup')],
  '/conversas': [layouts.app, 'src/pages/InboxPage.vue', ...texts()],
  '/configuracoes': [layouts.app, 'src/pages/SettingsPage.vue', ...texts('settings', 'auth')],
};

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8')));
const loads = Object.entries(routes).map(([name, modules]) => measureRoute({ dist, manifest, name, modules }));

for (const { name, gzipped, files } of loads) {
  const verdict = gzipped > limit ? 'over the limit' : 'fine';
  console.log(
    `${name.padEnd(16)} ${(gzipped / 1024).toFixed(1).padStart(6)} KB gzipped in ${files.length} files, ${verdict}`,
  );
}
if (loads.some(({ gzipped }) => gzipped > limit)) process.exitCode = 1;

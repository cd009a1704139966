import type { ClientOptions } from 'whatsapp-web.js';
import type { BrowserHome } from '../../browser/homes/browser-home.ts';

export interface BrowserConfig {
  chromiumPath: string;
  /** Chromium's version, which the user agent tells. */
  chromiumVersion: string;
  /** More arguments of the deployment. */
  extraArgs: readonly string[];
}

/**
 * One small process tree: browser and one renderer. Measured (PSS of an empty page): 195 MB with six processes by
 * default, 160 MB with two by these. Chromium's sandbox needs user namespaces, which containers on Fargate don't have.
 */
const tunedArgs = [
  '--headless',
  '--no-sandbox',
  '--no-zygote',
  '--disable-gpu',
  '--in-process-gpu',
  '--disable-software-rasterizer',
  '--enable-features=NetworkServiceInProcess2',
  '--disable-features=AudioServiceOutOfProcess,IsolateOrigins,MediaRouter,OptimizationHints,SpareRendererForSitePerProcess,Translate,site-per-process',
  '--disable-site-isolation-trials',
  '--renderer-process-limit=1',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-breakpad',
  '--disable-client-side-phishing-detection',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-extensions',
  '--disable-hang-monitor',
  '--disable-quic',
  '--disable-sync',
  '--metrics-recording-only',
  '--mute-audio',
  '--no-default-browser-check',
  '--no-first-run',
  '--password-store=basic',
  '--use-mock-keychain',
  '--window-size=1280,800',
];

/**
 * Options of puppeteer for the library. The browser gets nothing of our environment: it would find the credentials of
 * the task there.
 */
export function launchOptions(
  config: BrowserConfig,
  { profileDir, command }: Pick<BrowserHome, 'profileDir' | 'command'>,
): NonNullable<ClientOptions['puppeteer']> {
  const [executablePath, ...args] = command([
    config.chromiumPath,
    `--user-data-dir=${profileDir}`,
    '--remote-debugging-pipe',
    ...tunedArgs,
    ...config.extraArgs,
    // The page that puppeteer waits for.
    'about:blank',
  ]);
  return {
    executablePath,
    args,
    ignoreDefaultArgs: true,
    pipe: true,
    env: { HOME: profileDir, TMPDIR: profileDir, LANG: 'C.UTF-8', PATH: '/usr/bin:/bin' },
    // The host ends its browsers itself, in order; puppeteer would kill them at once and exit.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    defaultViewport: null,
    timeout: 30_000,
    protocolTimeout: 120_000,
  };
}

export function userAgent(chromiumVersion: string): string {
  const [major = '0'] = chromiumVersion.split('.');
  return `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major}.0.0.0 Safari/537.36`;
}

import { describe, expect, it } from 'vitest';
import { launchOptions, userAgent, type BrowserConfig } from './launch-options.ts';

const config: BrowserConfig = {
  chromiumPath: '/chromium',
  chromiumVersion: '156.0.8078.79',
  extraArgs: ['--proxy-server=10.0.0.1'],
};

const home: Parameters<typeof launchOptions>[1] = {
  profileDir: '/scratch/p',
  command: (argv) => ['/as-somebody', '--', ...argv],
};

describe('launching a browser', () => {
  it("gives it nothing of the host's environment", () => {
    expect(Object.keys(launchOptions(config, home).env ?? {}).toSorted()).toEqual(['HOME', 'LANG', 'PATH', 'TMPDIR']);
  });

  it("runs it as its home's user, on its home's profile", () => {
    const { executablePath, args = [] } = launchOptions(config, home);
    expect(executablePath).toBe('/as-somebody');
    expect(args.slice(0, 2)).toEqual(['--', '/chromium']);
    expect(args).toContain('--proxy-server=10.0.0.1');
    expect(args).toContain('--user-data-dir=/scratch/p');
  });

  it('tells WhatsApp a browser of today, without "headless"', () => {
    expect(userAgent('156.0.8078.79')).toContain(' Chrome/156.0.0.0 ');
    expect(userAgent('156.0.8078.79')).not.toMatch(/headless/i);
  });
});

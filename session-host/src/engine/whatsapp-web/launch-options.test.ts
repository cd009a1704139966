import { describe, expect, it } from 'vitest';
import { launchOptions, userAgent, type BrowserConfig } from './launch-options.ts';

const config: BrowserConfig = {
  chromiumPath: '/chromium',
  chromiumVersion: '156.0.8078.79',
  extraArgs: ['--proxy-server=10.0.0.1'],
  uid: undefined,
  setprivPath: '/usr/bin/setpriv',
};

describe('launching a browser', () => {
  it("gives it nothing of the host's environment", () => {
    expect(Object.keys(launchOptions(config, '/scratch/p').env ?? {}).toSorted()).toEqual([
      'HOME',
      'LANG',
      'PATH',
      'TMPDIR',
    ]);
  });

  it('makes it die with the host, and run as another user where one is given', () => {
    const { executablePath, args = [] } = launchOptions({ ...config, uid: 1234 }, '/scratch/p');
    expect(executablePath).toBe('/usr/bin/setpriv');
    expect(args.slice(0, args.indexOf('--') + 2).join(' ')).toBe(
      '--pdeathsig KILL --reuid 1234 --regid 1234 --clear-groups --no-new-privs -- /chromium',
    );
    expect(args).toContain('--proxy-server=10.0.0.1');
    expect(args).toContain('--user-data-dir=/scratch/p');
  });

  it('starts it directly where there is no setpriv', () => {
    expect(launchOptions({ ...config, setprivPath: undefined }, '/scratch/p').executablePath).toBe('/chromium');
  });

  it('tells WhatsApp a browser of today, without "headless"', () => {
    expect(userAgent('156.0.8078.79')).toContain(' Chrome/156.0.0.0 ');
    expect(userAgent('156.0.8078.79')).not.toMatch(/headless/i);
  });
});

import { describe, expect, it } from 'vitest';
import { isUsageError, readOptions, usage } from './read-options.ts';
import { StackError } from './stack/stack-error.ts';

function errorOf(args: readonly string[]): unknown {
  try {
    return readOptions(args);
  } catch (error) {
    return error;
  }
}

describe('options of the command line', () => {
  it('have defaults', () => {
    const { dir, ...others } = readOptions([]) as Exclude<ReturnType<typeof readOptions>, 'help'>;
    expect(dir).toMatch(/[\\/]\.local$/);
    expect(others).toEqual({ port: 3000, fresh: false, live: false, page: undefined, verbose: false });
  });

  it('are taken as they are given', () => {
    const args = ['--port', '4000', '--dir', '/tmp/x', '--fresh', '--page', '2026-04', '--verbose'];
    const page = { build: '2026-04' };
    expect(readOptions(args)).toEqual({ port: 4000, dir: '/tmp/x', fresh: true, live: false, page, verbose: true });
    expect(readOptions(['--live'])).toMatchObject({ live: true, page: undefined });
  });

  it.each(['--help', '-h'])('are explained by %s', (option) => {
    expect(readOptions([option])).toBe('help');
    expect(usage).toContain('npm start -- [--port 3000]');
  });

  it.each([
    [['--port', 'abc'], /^--port abc is not a port\.\n.*1024 to 65534/],
    [['--port', '80'], /^--port 80 is not a port\.\n.*1024 to 65534/],
    [['--port', '65535'], /^--port 65535 is not a port\./],
    [['--page', '2019-01'], /^--page 2019-01: there is no such build[^]*2026-04, 2026-07, .*2026-09/],
    [['--page', '2026-07', '--live'], /simulated page[^]*Leave one of them out/],
  ])('that are wrong are named with what is right: %s', (args, message) => {
    const error = errorOf(args);
    expect(error).toBeInstanceOf(StackError);
    expect(error).toHaveProperty('message', expect.stringMatching(message));
  });

  it.each([[['--prot', '80']], [['anything']], [['--port']]])('that do not exist, or lack a value: %s', (args) => {
    expect(isUsageError(errorOf(args))).toBe(true);
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface EmulatorChildOptions {
  /** URL of the module that exports the factory. */
  module: string;
  factory: string;
  /** Passed to the factory as it is. */
  options: object;
}

export interface EmulatorChild {
  endpoint: string;
  /** SIGKILL: no chance to tidy up. Resolves when the process is gone. */
  kill(): Promise<void>;
}

const startTimeoutMs = 20_000;

/** For tests of what survives: an emulator in a process of its own. */
export async function startEmulatorChild({ module, factory, options }: EmulatorChildOptions): Promise<EmulatorChild> {
  const script = `
    const emulator = await (await import(${JSON.stringify(module)}))[${JSON.stringify(factory)}](${JSON.stringify(options)});
    process.stdout.write(emulator.endpoint + '\\n');
    process.stdin.on('end', () => process.exit()).resume();`;
  // It ends by itself once its standard input is closed, so that a failed test leaves no process behind.
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  child.unref();
  const deadline = AbortSignal.timeout(startTimeoutMs);
  const first = await Promise.race([
    once(child.stdout, 'data', { signal: deadline }),
    exited.then(([code]) => Promise.reject(new Error(`The emulator's process ended with code ${String(code)}`))),
  ]);
  return {
    endpoint: String(first[0]).trim(),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';

const timeoutMs = 20_000;

/** Runs a module's text in a process of its own until it says `done`, then kills it: no chance to tidy up. */
export async function runAndKill(source: string): Promise<void> {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  const gone = once(child, 'exit');
  for await (const chunk of child.stdout.setEncoding('utf8')) if (String(chunk).includes('done')) child.kill('SIGKILL');
  await gone;
  if (child.signalCode !== 'SIGKILL') throw new Error('The process ended before it was killed.');
}

import { createCommandRunner, type CommandRunnerOptions } from './command-runner.ts';
import type { Outcome } from './command-context.ts';
import { createTestCommands, epoch, hostId, patienceMs, retryMs } from './test-commands.ts';

export const sent: Outcome = { state: 'SENT' };

/** A user's commands on a clock that the test moves, and what was asked and logged. */
export function runnerOf({
  carryOut = () => Promise.resolve(sent),
  ...more
}: Partial<Pick<CommandRunnerOptions, 'readiness' | 'carryOut' | 'signal'>> = {}) {
  const commands = createTestCommands();
  const asked: string[] = [];
  const logged: string[] = [];
  const note = (message: string, fields: Readonly<Record<string, unknown>> = {}) =>
    void logged.push(typeof fields.failure === 'string' ? `${message}: ${fields.failure}` : message);
  const runner = createCommandRunner({
    tenant: commands.tenant,
    hostId,
    epoch,
    patienceMs,
    retryMs,
    readiness: () => 'ready',
    log: { debug: note, info: note, warn: note, error: note },
    signal: new AbortController().signal,
    ...more,
    carryOut(record, claim) {
      asked.push(record.id);
      return carryOut(record, claim);
    },
  });
  return { ...commands, runner, asked, logged };
}

import { fail, SetupError } from './report.mjs';

/**
 * Runs what the first argument names; without one, or with a wrong one, says what there is.
 * @param {string} command as the user writes it
 * @param {Record<string, { says: string, run: (args: string[]) => Promise<void> }>} choices
 */
export async function choose(command, choices) {
  const [name = '', ...args] = process.argv.slice(2);
  const choice = Object.hasOwn(choices, name) ? choices[name] : undefined;
  if (choice) return choice.run(args);
  const width = Math.max(...Object.keys(choices).map((one) => one.length));
  const list = Object.entries(choices).map(([one, { says }]) => `  ${one.padEnd(width)}  ${says}`);
  if (['', '--help', 'help'].includes(name)) return console.log(`${command} -- NAME [options]\n\n${list.join('\n')}`);
  return fail(
    new SetupError(`There is no “${name}”.`, `${command} -- NAME, where NAME is one of:\n\n${list.join('\n')}`),
  );
}

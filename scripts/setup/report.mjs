// Plain step-by-step progress for people. Runs on Node 20 without any dependency, because it runs before they are
// installed.

const green = paint('32');
const red = paint('31');
const dim = paint('2');

/** A failure whose message already tells the person what to do: shown without a stack trace. */
export class SetupError extends Error {
  name = 'SetupError';

  /** @param {string} problem @param {string} remedy */
  constructor(problem, remedy) {
    super(`${problem}\n  ${remedy}`);
  }
}

/**
 * Runs one step and shows how long it took.
 * @template T
 * @param {string} title
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const startedAt = performance.now();
  const interactive = process.stdout.isTTY;
  if (interactive) process.stdout.write(dim(`  … ${title}`));
  else console.log(`  … ${title}`);
  try {
    const result = await work();
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`${interactive ? '\r\x1b[K' : ''}  ${green('✓')} ${title} ${dim(`${seconds} s`)}`);
    return result;
  } catch (error) {
    console.log(`${interactive ? '\r\x1b[K' : ''}  ${red('✗')} ${title}`);
    throw error;
  }
}

/** Prints an error as its reader needs it and ends the process. @param {unknown} error */
export function fail(error) {
  if (error instanceof SetupError) console.error(`\n${red('Cannot go on:')} ${error.message}\n`);
  else console.error(error);
  process.exit(1);
}

/** @param {string} code */
function paint(code) {
  const colours = process.stdout.isTTY && !process.env.NO_COLOR;
  return (/** @type {string} */ text) => (colours ? `\x1b[${code}m${text}\x1b[0m` : text);
}

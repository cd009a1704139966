import { isUsageError, readOptions, usage } from './read-options.ts';
import { StackError } from './stack/stack-error.ts';

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    console.log(usage);
  } else {
    // Loaded last: it takes seconds on a busy machine, and who mistyped an option hears of it at once.
    const { runStack } = await import('./run-stack.ts');
    await runStack(options);
  }
} catch (error) {
  if (error instanceof StackError) console.error(`\nCannot go on: ${error.message}\n`);
  else if (isUsageError(error)) console.error(`${error.message}\n\n${usage}`);
  else console.error(error);
  process.exitCode = 1;
}

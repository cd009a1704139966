import type { Ended } from '../run-process.ts';
import type { Finding } from './check.ts';

/** Whether the templates can be written. What is deployed afterwards is what was written here. */
export async function lookAtSynthesis(synthesize: () => Promise<Ended>): Promise<Finding> {
  const { code, output } = await synthesize();
  const lines = output.trim().split('\n');
  if (code === 0)
    return { seen: `${lines.findLast((line) => line.includes('top-active-'))?.split(',').length ?? 0} stacks` };
  const reason = lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.slice(-3).join('\n      ');
  return { problem: reason, remedy: 'For the whole message run: npm run ops -- synth.' };
}

import { expect, it } from 'vitest';
import { synthesize } from './test-support/synthesize.ts';

// Production only: in what dev differs, the other tests look at.
const { templates } = synthesize('prod');

it.each([...templates.keys()])('stack %s is what was looked at', async (part) => {
  await expect(stable(templates.get(part))).toMatchFileSnapshot(`snapshots/${part}.snap`);
});

/** Without what changes with every line of the functions and the host: hashes of assets. */
function stable(template: unknown): string {
  return `${JSON.stringify(template, undefined, 1).replaceAll(/\b[0-9a-f]{64}\b/g, '<asset hash>')}\n`;
}

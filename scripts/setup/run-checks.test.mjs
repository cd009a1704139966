import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runChecks } from './run-checks.mjs';

/** @type {string} */
let cwd;
/** @type {string[]} */
let said;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'checks-'));
  said = [];
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const node = (/** @type {string} */ script) => [process.execPath, '--eval', script];
const touch = (/** @type {string} */ name) => node(`require('fs').writeFileSync('${name}', '')`);
const complain = (/** @type {string} */ words) => node(`console.error('${words}'); process.exitCode = 3`);
const run = (/** @type {Record<string, string[][]>} */ checks) =>
  runChecks(checks, { cwd, env: process.env, say: (text) => said.push(text) });

describe('checks', () => {
  it('all run, whichever fails, and those that failed are named', async () => {
    const failed = await run({
      lint: [complain('unused variable'), touch('lint')],
      types: [touch('types')],
      format: [complain('two spaces')],
      synth: [touch('synth')],
    });
    expect(failed.toSorted()).toEqual(['format', 'lint']);
    expect(readdirSync(cwd).toSorted()).toEqual(['lint', 'synth', 'types']);
  });

  it('show what a failed one wrote, and only that', async () => {
    await run({ lint: [complain('unused variable')], types: [node("console.log('fine')")] });
    const text = said.join('\n');
    expect(text).toMatch(/✗ lint \d+\.\d s\nunused variable/);
    expect(text).toMatch(/✓ types/);
    expect(text).not.toContain('fine');
  });

  it('fail when a command cannot be started, and the others run', async () => {
    expect(await run({ lint: [['./no-such-command'], touch('lint')], types: [touch('types')] })).toEqual(['lint']);
    expect(said.join('\n')).toContain('no-such-command');
    expect(readdirSync(cwd).toSorted()).toEqual(['lint', 'types']);
  });

  it('fail when a command is killed, even without a word', async () => {
    expect(await run({ types: [node("process.kill(process.pid, 'SIGKILL')")] })).toEqual(['types']);
    expect(said.join('\n')).toContain('SIGKILL');
  });
});

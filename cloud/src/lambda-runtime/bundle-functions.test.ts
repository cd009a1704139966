import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bundleFunctions } from './bundle-functions.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bundles-'));
  write('package.json', '{ "type": "module" }');
  write('shared.ts', 'export const greeting: string = "hello";');
  write('one.ts', 'import { greeting } from "./shared.ts"; export const handler = () => greeting + " one";');
  write('two.ts', 'export const handler = () => "two";');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(root, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

function bundle(...names: string[]): Promise<Map<string, string>> {
  const functions = names.map((name) => ({ name, entry: join(root, `${name}.ts`) }));
  return bundleFunctions({ functions, dir: join(root, 'bundles') });
}

async function call(file: string | undefined): Promise<unknown> {
  const module: unknown = await import(pathToFileURL(file ?? 'missing').href);
  return z
    .looseObject({ handler: z.custom<() => unknown>() })
    .parse({ ...Object(module) })
    .handler();
}

describe('bundling of functions', () => {
  it('makes one file of each function', async () => {
    const files = await bundle('one', 'two');
    expect(await call(files.get('one'))).toBe('hello one');
    expect(await call(files.get('two'))).toBe('two');
  });

  it('takes an unchanged function from the earlier run', async () => {
    const first = await bundle('one');
    const { mtimeMs, ino } = statSync(first.get('one') ?? '');
    const second = await bundle('one');
    expect(second).toEqual(first);
    expect(statSync(second.get('one') ?? '')).toMatchObject({ mtimeMs, ino });
  });

  it('bundles anew when something the function imports has changed, and only then', async () => {
    const first = await bundle('one', 'two');
    write('shared.ts', 'export const greeting: string = "good morning";');
    const second = await bundle('one', 'two');
    expect(await call(second.get('one'))).toBe('good morning one');
    expect(second.get('two')).toBe(first.get('two'));
  });

  it('finds the change of a package that the function resolves through its package.json', async () => {
    write('node_modules/dep/package.json', '{ "name": "dep", "type": "module", "exports": "./a.js" }');
    write('node_modules/dep/a.js', 'export default "a";');
    write('node_modules/dep/b.js', 'export default "b";');
    write('three.ts', 'import dep from "dep"; export const handler = () => dep;');
    expect(await call((await bundle('three')).get('three'))).toBe('a');
    write('node_modules/dep/package.json', '{ "name": "dep", "type": "module", "exports": "./b.js" }');
    expect(await call((await bundle('three')).get('three'))).toBe('b');
  });

  it('restores a bundle that was deleted', async () => {
    const first = await bundle('one');
    rmSync(dirname(first.get('one') ?? ''), { recursive: true });
    expect(await call((await bundle('one')).get('one'))).toBe('hello one');
  });

  it('may be done by several processes in the same folder at once', async () => {
    const results = await Promise.all([bundle('one', 'two'), bundle('one', 'two'), bundle('two', 'one')]);
    for (const files of results) expect(await call(files.get('one'))).toBe('hello one');
    expect(readdirSync(join(root, 'bundles')).toSorted()).toEqual(['one', 'two']);
  });

  it('carries CommonJS dependencies that use require, __filename and __dirname', async () => {
    write('node_modules/old/package.json', '{ "name": "old" }');
    write(
      'node_modules/old/index.js',
      'const name = "os"; module.exports = [typeof require(name).EOL, typeof require("fs").readFileSync, __dirname, __filename];',
    );
    write(
      'four.ts',
      'import old from "old"; import { createRequire } from "node:module"; const require = createRequire(import.meta.url); export const handler = () => [...old, typeof require("node:path").join];',
    );
    const file = (await bundle('four')).get('four') ?? '';
    expect(await call(file)).toEqual(['string', 'function', dirname(file), file, 'function']);
  });

  it('keeps source maps that lead back to the source', async () => {
    write(
      'five.ts',
      'interface Gone {\n  a: string;\n}\nexport const handler = (): Gone => {\n  throw new Error("five");\n};',
    );
    const file = (await bundle('five')).get('five') ?? '';
    const script = `import(${JSON.stringify(pathToFileURL(file).href)}).then((m) => { try { m.handler() } catch (e) { console.log(e.stack) } })`;
    const trace = execFileSync(process.execPath, ['--enable-source-maps', '--eval', script], { encoding: 'utf8' });
    expect(trace).toContain(`${join(root, 'five.ts')}:5:9`);
    cpSync(dirname(file), join(root, 'copy'), { recursive: true });
    expect(readFileSync(join(root, 'copy', 'index.mjs'), 'utf8')).toContain('sourceMappingURL=index.mjs.map');
  });

  it('names file and line of what cannot be bundled, and leaves nothing behind', async () => {
    write('bad.ts', 'import "./absent.ts";\nexport const handler = 1;');
    await expect(bundle('bad')).rejects.toThrow(/bad\.ts:1:7: ERROR: Could not resolve "\.\/absent\.ts"/);
    expect(readdirSync(join(root, 'bundles')).filter((name) => name.startsWith('.draft'))).toEqual([]);
  });
});

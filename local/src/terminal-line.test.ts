import { pageBuildLines } from '@top-active/session-host/page-build-lines';
import { expect, it } from 'vitest';
import { terminalLine } from './terminal-line.ts';
import { newestBuild, pageVersions } from '@top-active/world/whatsapp';

const shipped = Object.values(pageVersions);
const unknown = '2.3000.1099999999';

interface Found {
  build: string;
  missing?: string;
  repaired?: string;
}

/** As the session host writes it, which leaves out what is empty. */
function pageLine(line: keyof typeof pageBuildLines, found: Found): string {
  const level = line === 'again' ? 'INFO' : 'WARN';
  return JSON.stringify({ level, message: pageBuildLines[line], ...found });
}

it('says nothing of a page that the simulated WhatsApp serves and that works', () => {
  const build = pageVersions[newestBuild];
  expect(terminalLine(pageLine('first', { build, repaired: 'identity' }), shipped)).toBeUndefined();
  expect(terminalLine(pageLine('again', { build, repaired: 'identity' }), shipped)).toBeUndefined();
});

it('tells in words of a page that nobody expects, once', () => {
  expect(terminalLine(pageLine('first', { build: unknown, repaired: 'identity, send' }), shipped)).toEqual({
    stream: 'stdout',
    text: `  WhatsApp's page ${unknown} was loaded here: repaired: identity, send.`,
  });
  expect(terminalLine(pageLine('first', { build: unknown }), shipped)?.text).toContain('everything works');
  expect(terminalLine(pageLine('again', { build: unknown }), shipped)).toBeUndefined();
});

it('tells in words of what any page lacks', () => {
  const found = { build: pageVersions[newestBuild], missing: 'reaction', repaired: 'identity' };
  const text = `  WhatsApp's page ${found.build} was loaded here: missing: reaction; repaired: identity.`;
  expect(terminalLine(pageLine('first', found), shipped)).toEqual({ stream: 'stdout', text });
  expect(terminalLine(pageLine('lost', found), shipped)).toEqual({ stream: 'stdout', text });
  expect(terminalLine(pageLine('again', found), shipped)).toEqual({ stream: 'stdout', text });
});

it('expects no page of the real WhatsApp', () => {
  expect(terminalLine(pageLine('first', { build: pageVersions[newestBuild] }), [])).toMatchObject({ stream: 'stdout' });
});

it.each([
  ['{"level":"ERROR","message":"A"}', true],
  ['{"level":"warn","message":"A"}', true],
  ['{"level":"INFO","message":"A"}', false],
  ['    at somewhere (file.ts:1:2)', false],
])('shows warnings and errors as they are: %s', (line, isShown) => {
  expect(terminalLine(line, shipped)).toEqual(isShown ? { stream: 'stderr', text: line } : undefined);
});

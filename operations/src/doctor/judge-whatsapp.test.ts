import { capabilityNames } from '@top-active/core/contracts';
import type { KnownBuild } from '@top-active/aws';
import { expect, it } from 'vitest';
import { judgeModel } from './model.ts';
import { judgePageBuilds } from './page-builds.ts';

const now = Date.parse('2026-12-01T12:00:00Z');

function built(states: Record<string, 'missing' | 'repaired'>, lastMetAt = '2026-12-01T00:00:00.000Z'): KnownBuild {
  const capabilities = Object.fromEntries(capabilityNames.map((name) => [name, { state: states[name] ?? 'ok' }]));
  return {
    build: '2.3000.1048032155',
    firstMetAt: '2026-11-20T00:00:00.000Z',
    lastMetAt,
    capabilities: capabilities as KnownBuild['capabilities'],
    repairs: [],
  };
}

it.each([
  ['none', [], 'ok', /no session/],
  ['one that is whole', [built({})], 'ok', /1048032155 since 2026-11-20: everything works/],
  ['one that is repaired', [built({ identity: 'repaired' })], 'ok', /repaired identity/],
  ['one without media', [built({ media: 'missing', send: 'repaired' })], 'warn', /missing media, repaired send/],
  ['one that brings nothing in', [built({ receive: 'missing' })], 'fail', /missing receive/],
  ['one of long ago', [built({ receive: 'missing' }, '2026-11-01T00:00:00.000Z')], 'ok', /no session/],
] as const)('of the builds, %s', (_, builds, status, seen) => {
  const finding = judgePageBuilds(builds, now);
  expect(finding.status).toBe(status);
  expect(finding.seen).toMatch(seen);
  expect(finding.remedy === undefined).toBe(status === 'ok');
});

const model = 'gpt-6-luna';
const checkedAt = '2026-11-30T00:00:00.000Z';
it.each([
  ['was never asked about', [], 'ok', /nobody/],
  ['is another', [{ model: 'gpt-5-mini', available: false, checkedAt }], 'ok', /nobody/],
  ['has no end', [{ model, available: true, checkedAt }], 'ok', /no shutdown/],
  ['ends in months', [{ model, available: true, checkedAt, shutdownDate: '2027-04-01' }], 'ok', /in 121 days/],
  ['ends in weeks', [{ model, available: true, checkedAt, shutdownDate: '2026-12-31' }], 'warn', /in 30 days/],
  ['has ended', [{ model, available: true, checkedAt, shutdownDate: '2026-12-01' }], 'fail', /in 0 days/],
  ['is refused', [{ model, available: false, checkedAt }], 'fail', /did not offer/],
] as const)('of the model, one that %s', (_, known, status, seen) => {
  const finding = judgeModel({ model, known, now });
  expect(finding.status).toBe(status);
  expect(finding.seen).toMatch(seen);
  expect(finding.remedy === undefined).toBe(status === 'ok');
});

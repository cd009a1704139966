import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { search } from '@aws-lambda-powertools/jmespath';
import { metricDefinitions } from '@top-active/aws/metric-definitions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runbookFile } from '../runbook.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const runbook = readFileSync(join(repository, runbookFile), 'utf8');
/** The block that whoever is on call pastes into a shell; its last line asks AWS right away. */
const [, helpers = ''] = /```sh\n(export STAGE=[^]*?)CLUSTER=/.exec(runbook) ?? [];

/** In place of AWS's command line: writes down what it was called with. */
const awsStub = `#!/bin/sh
printf '%s\\n' "$@" > "$CALL"; echo query-1`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'runbook-'));
  writeFileSync(join(folder, 'aws'), awsStub, { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the command line gets to hear when a helper is called, the last call if there are several. */
function called(line: string): string[] {
  const CALL = join(folder, 'call');
  execFileSync('bash', ['--norc', '-euc', `${helpers}\nsleep() { :; }\n${line}`], {
    env: { PATH: `${folder}:${process.env.PATH}`, CALL },
  });
  return readFileSync(CALL, 'utf8').trimEnd().split('\n');
}

function after(args: readonly string[], option: string): string {
  return args[args.indexOf(option) + 1] ?? '';
}

describe('helpers of the runbook', () => {
  it('find a stack’s resources by type and name', () => {
    const args = called('of data AWS::DynamoDB::Table Leases');
    expect(after(args, '--stack-name')).toBe('top-active-prod-data');
    const resource = (LogicalResourceId: string, ResourceType = 'AWS::DynamoDB::Table') => ({
      LogicalResourceId,
      ResourceType,
      PhysicalResourceId: `physical-${LogicalResourceId}`,
    });
    const answer = {
      StackResourceSummaries: [resource('Leases12'), resource('Items34'), resource('LeasesKey', 'AWS::KMS::Key')],
    };
    expect(search(after(args, '--query'), answer)).toEqual(['physical-Leases12']);
  });

  it('show one line of fields for each line of the log', () => {
    const args = called(`ask 30 'filter level = "ERROR"'`);
    expect(args.slice(0, 2)).toEqual(['logs', 'get-query-results']);
    const row = (message: string) => [
      { field: '@timestamp', value: '2026-01-01' },
      { field: 'message', value: message },
      { field: '@ptr', value: 'x' },
    ];
    expect(search(after(args, '--query'), { results: [row('first'), row('second')] })).toEqual([
      '2026-01-01  first',
      '2026-01-01  second',
    ]);
  });

  it('show a metric by the minute, sums and percentiles', () => {
    const sum = called('figure SessionDeaths Sum');
    expect(after(sum, '--statistics')).toBe('Sum');
    const points = [
      { Timestamp: 'later', Sum: 2 },
      { Timestamp: 'earlier', Sum: 1 },
    ];
    expect(search(after(sum, '--query'), { Datapoints: points })).toEqual([
      ['earlier', 1],
      ['later', 2],
    ]);
    const p95 = called('figure MessageDelay p95 15');
    expect(p95).not.toContain('--statistics');
    expect(after(p95, '--extended-statistics')).toBe('p95');
    const tail = { Datapoints: [{ Timestamp: 'now', ExtendedStatistics: { p95: 7 } }] };
    expect(search(after(p95, '--query'), tail)).toEqual([['now', 7]]);
  });

  it('are asked for metrics that there are', () => {
    const asked = [...runbook.matchAll(/figure ([A-Z]\w+)/g)].map(([, name = '']) => name);
    expect(asked.length).toBeGreaterThan(20);
    for (const name of asked) expect(Object.keys(metricDefinitions)).toContain(name);
  });
});

it('every query in the operator’s pages can be read', () => {
  const pages = ['docs/operations', 'docs/deploy'].flatMap((part) =>
    readdirSync(join(repository, part))
      .filter((file) => file.endsWith('.md'))
      .map((file) => readFileSync(join(repository, part, file), 'utf8')),
  );
  const queries = pages.flatMap((page) =>
    [...page.matchAll(/--query (?:'(?<single>[^']+)'|"(?<double>[^"]+)"|(?<bare>[\w.]+))/g)].map(
      ({ groups }) => groups?.single ?? groups?.double ?? groups?.bare ?? '',
    ),
  );
  expect(queries.length).toBeGreaterThan(15);
  // What the shell fills in is a name.
  const unreadable = queries
    .map((query) => query.replaceAll(/\$\{?\w+(:-\w*\})?/g, 'name'))
    .filter((query) => !isReadable(query));
  expect(unreadable).toEqual([]);
});

/** Of an empty answer a function may complain, of a wrong query the parser. */
function isReadable(query: string): boolean {
  try {
    search(query, {});
    return true;
  } catch (error) {
    return error instanceof Error && error.name === 'JMESPathTypeError';
  }
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { metricsNamespace } from '@top-active/aws/metric-definitions';
import { functions } from '@top-active/lambdas/functions';
import { expect, it } from 'vitest';
import { runbookFile } from '../runbook.ts';
import { deployedSources } from '../test-support/deployed-sources.ts';
import { synthesize } from '../test-support/synthesize.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const folder = join(repository, 'docs', 'operations');
const pages = readdirSync(folder)
  .filter((file) => file.endsWith('.md'))
  .map((file) => readFileSync(join(folder, file), 'utf8'))
  .join('\n');
const runbook = readFileSync(join(repository, runbookFile), 'utf8');

const sources = deployedSources();
const texts = sources.flatMap((source) =>
  [...source.matchAll(/'((?:[^'\\\n]|\\.)+)'|"((?:[^"\\\n]|\\.)+)"|`([^`]+)`/g)].map(
    ([, single, double, template]) => single ?? double ?? template ?? '',
  ),
);
/** What the log may say: texts of the code, also behind the word that some get in common. */
const messages = new Set([...texts, ...texts.map((text) => `ALARM: ${text}`)].filter((text) => text.includes(' ')));

/** Every first group of a pattern in the operator's pages. */
function quoted(pattern: RegExp): string[] {
  return [...pages.matchAll(pattern)].map(([, text = '']) => text);
}

function said(part: RegExp): boolean {
  return [...messages].some((message) => part.test(message));
}

it('every message that a query looks for is one that the code logs', () => {
  const lists = quoted(/(?<!@)message in \[([^\]]+)\]/g).flatMap((list) =>
    list.split(',').map((one) => one.trim().slice(1, -1)),
  );
  const whole = [...quoted(/(?<!@)message = "([^"]+)"/g), ...lists];
  expect(whole.length).toBeGreaterThan(8);
  expect(whole.filter((message) => !messages.has(message))).toEqual([]);
  const parts = quoted(/(?<!@)message like \/([^/]+)\//g).flatMap((alternatives) => alternatives.split('|'));
  expect(parts.length).toBeGreaterThan(10);
  expect(parts.filter((part) => !said(new RegExp(part)))).toEqual([]);
});

it('every sentence in the form of code is one of the log', () => {
  const sentences = quoted(/`([A-Za-z][\w’]*(?:,? [a-z][\w’]*,?){2,})`/g).filter(
    (text) => !/^(npm|npx|aws|git) /.test(text),
  );
  expect(sentences.length).toBeGreaterThan(10);
  expect(sentences.filter((text) => ![...messages].some((message) => message.includes(text)))).toEqual([]);
});

it('every service and every field that a query names is one that lines have', () => {
  const queries = quoted(/^.*?ask \d+ '([^']+)'/gm).concat(quoted(/[`;] ?ask \d+ '([^']+)'/g));
  expect(queries.length).toBeGreaterThan(25);
  const services = queries.flatMap((query) =>
    [...query.matchAll(/service (?:= |in \[)((?:"[\w-]+"(?:, )?)+)/g)].flatMap(
      ([, list = '']) => list.match(/[\w-]+/g) ?? [],
    ),
  );
  const known = new Set<string>(['session-host', ...functions.map(({ name }) => name)]);
  expect(services.filter((name) => !known.has(name))).toEqual([]);
  const fields = queries.flatMap((query) =>
    [...query.matchAll(/(?:\bfields|\bby) ([^|]+)/g)].flatMap(([, list = '']) =>
      list.split(',').map((field) => field.trim().replace(/\..*/, '')),
    ),
  );
  const own = new Set(fields.filter((field) => /^[a-z]\w*$/i.test(field)));
  expect(own.size).toBeGreaterThan(10);
  const code = sources.join('\n');
  expect([...own].filter((field) => !new RegExp(`\\b${field}\\b['"]?\\s*[:,})]`).test(code))).toEqual([]);
});

it('the section that an alarm leads to names the metrics of ours that it watches', () => {
  const sections = new Map(
    runbook.split(/^## /m).map((section) => {
      const [heading = ''] = section.split('\n');
      return [heading.toLowerCase().replaceAll(' ', '-'), section];
    }),
  );
  const untold = synthesize('prod')
    .all('AWS::CloudWatch::Alarm')
    .flatMap(({ Properties }) => {
      const alarm = JSON.stringify(Properties);
      const section = sections.get(/#([a-z-]+)/.exec(String(Properties?.['AlarmDescription']))?.[1] ?? '') ?? '';
      return [...alarm.matchAll(/"MetricName":"(\w+)","Namespace":"(\w+)"|"Namespace":"(\w+)","MetricName":"(\w+)"/g)]
        .map(([, name, space, spaceFirst, nameLast]) => ({ name: name ?? nameLast ?? '', space: space ?? spaceFirst }))
        .filter(({ name, space }) => space === metricsNamespace && !new RegExp(`\\b${name}\\b`).test(section))
        .map(({ name }) => name);
    });
  expect(untold).toEqual([]);
});

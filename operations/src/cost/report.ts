import { days, type Estimate, type Line, type MonthlyUsage } from './estimate.ts';
import type { MeasuredFlows, Usage } from './flows.ts';
import type { Prices } from './prices.ts';
import { explainOptions, type Workload } from './workload.ts';

/** Estimates of one region at several numbers of users, where the money goes, and what was assumed. */
export function reportMarkdown(estimates: readonly Estimate[]): string {
  const [first] = estimates;
  if (!first) return '';
  const groups = groupsOf(estimates);
  const header = ['US dollars per month', ...estimates.map(({ workload }) => `${number(workload.users)} users`)];
  const rows = groups.map((group) => [group, ...estimates.map((one) => money(sumOf(one.lines, group)))]);
  return table([
    header,
    ...rows,
    ['**total**', ...estimates.map(({ total }) => `**${money(total)}**`)],
    ['per user', ...estimates.map(({ total, workload }) => money(total / workload.users))],
    ['host tasks', ...estimates.map(({ tasks }) => number(tasks))],
  ]);
}

/** The dearest lines of one estimate with their shares. */
export function topLines({ lines, total }: Estimate, count = 10): string {
  return table([
    ['what', 'quantity per month', 'US dollars', 'share'],
    ...lines
      .slice(0, count)
      .map(({ group, what, quantity, unit, usd }) => [
        `${group}: ${what}`,
        `${number(quantity)} × ${unit}`,
        money(usd),
        `${Math.round((100 * usd) / total)} %`,
      ]),
  ]);
}

/** What one occurrence of each flow asks of the services that bill by requests. */
export function flowsMarkdown({ flows, idle }: MeasuredFlows): string {
  const hour = 3600 / idle.seconds;
  const rows = [
    ...Object.entries(flows).map(([name, { usage }]) => rowOf(flowTitles.get(name) ?? name, usage, 1)),
    rowOf('one linked session, an hour without messages', idle.session, hour),
    rowOf('one open app, an hour without messages', idle.openApp, hour),
  ];
  return table([
    [
      'flow',
      'DynamoDB requests',
      'read units',
      'write units',
      'SQS',
      'functions',
      'API',
      'WebSocket',
      'KMS',
      'log bytes',
    ],
    ...rows,
  ]);
}

const flowTitles = new Map([
  ['link', 'linking WhatsApp'],
  ['messageIn', 'message in'],
  ['messageInAppOpen', 'message in, its chat open in the app'],
  ['messageInWithSuggestion', 'message in, with a suggestion'],
  ['acceptWithBooking', 'suggestion accepted, booked, sent, delivered'],
  ['ownerSend', "owner's message sent, delivered"],
  ['openChat', 'a chat read'],
  ['listChats', 'list of chats read'],
  ['login', 'login'],
  ['appOpen', 'app opened at a chat'],
]);

function rowOf(title: string, usage: readonly Usage[], factor: number): string[] {
  const sum = (service: string, amount: keyof Usage['amounts']) =>
    number(usage.reduce((total, one) => total + (one.service === service ? one.amounts[amount] : 0), 0) * factor);
  return [
    title,
    sum('dynamodb', 'requests'),
    sum('dynamodb', 'readUnits'),
    sum('dynamodb', 'writeUnits'),
    sum('sqs', 'billedRequests'),
    sum('lambda', 'requests'),
    sum('http-api', 'billedRequests'),
    sum('websocket', 'billedRequests'),
    sum('kms', 'requests'),
    sum('logs', 'bytes'),
  ];
}

/** Of a day's messages those in its busiest hour. */
const busiestHour = 0.15;

/** What one user asks for in a day, and what many ask for per second in the busiest hour. */
export function loadMarkdown(perMonth: MonthlyUsage, users: readonly number[]): string {
  const kinds: [string, string, keyof Usage['amounts']][] = [
    ['DynamoDB write units', 'dynamodb', 'writeUnits'],
    ['DynamoDB read units', 'dynamodb', 'readUnits'],
    ['function invocations', 'lambda', 'requests'],
    ['HTTP API requests', 'http-api', 'requests'],
    ['WebSocket messages', 'websocket', 'billedRequests'],
    ['SQS requests', 'sqs', 'requests'],
  ];
  return table([
    ['', 'one user, per day', ...users.map((count) => `${number(count)} users, per second`)],
    ...kinds.map(([title, service, amount]) => {
      const perDay = perMonth.sum(service, amount) / days;
      return [title, number(perDay), ...users.map((count) => number((perDay * count * busiestHour) / 3600))];
    }),
  ]);
}

/** Every assumption with its value. */
export function assumptionsMarkdown(workload: Workload): string {
  const values = new Map<string, number>(Object.entries(workload));
  return table([
    ['option', 'value', 'what'],
    ...[...explainOptions()]
      .filter(([name]) => name !== 'users')
      .map(([name, what]) => [`\`--${name}\``, String(values.get(name)), what]),
  ]);
}

export function pricesMarkdown({ prices }: Prices): string {
  return table([
    ['price', 'unit', 'us-east-1', 'sa-east-1', 'source'],
    ...Object.entries(prices).map(([id, price]) => [
      `\`${id}\``,
      price.unit,
      `${price['us-east-1'].usd} (${price['us-east-1'].confidence})`,
      `${price['sa-east-1'].usd} (${price['sa-east-1'].confidence})`,
      price.source,
    ]),
  ]);
}

function groupsOf(estimates: readonly Estimate[]): string[] {
  const last = estimates.at(-1)?.lines ?? [];
  const groups = [...new Set(estimates.flatMap(({ lines }) => lines.map(({ group }) => group)))];
  return groups.toSorted((a, b) => sumOf(last, b) - sumOf(last, a));
}

function sumOf(lines: readonly Line[], group: string): number {
  return lines.reduce((sum, line) => sum + (line.group === group ? line.usd : 0), 0);
}

function money(usd: number): string {
  return usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

function number(value: number): string {
  return value.toLocaleString('en-US', value >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 });
}

function table([header = [], ...rows]: readonly (readonly string[])[]): string {
  return [row(header), row(header.map(() => '---')), ...rows.map(row)].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

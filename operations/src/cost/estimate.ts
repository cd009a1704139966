import type { Deployed } from './deployed.ts';
import { flowNames, type FlowName, type MeasuredFlows, type Usage } from './flows.ts';
import { priceOf, type Prices, type Region } from './prices.ts';
import type { Workload } from './workload.ts';

export interface Line {
  group: string;
  what: string;
  quantity: number;
  unit: string;
  usd: number;
}

export interface Estimate {
  region: Region;
  workload: Workload;
  /** Tasks that hold all linked sessions. */
  tasks: number;
  lines: Line[];
  /** US dollars per month. */
  total: number;
}

export interface EstimateInput {
  deployed: Deployed;
  flows: MeasuredFlows;
  prices: Prices;
  region: Region;
  workload: Workload;
}

export const days = 365 / 12;
const hours = days * 24;
/** A long poll of SQS lasts twenty seconds; Lambda keeps five of them open on a queue. */
const pollsPerHour = 180;
const lambdaPollers = 5;
/** Lines START, END and REPORT of an invocation, and what CloudWatch adds to each event. */
const platformLogBytes = 700;
/** CloudWatch keeps logs compressed. */
const compression = 0.15;
/** DynamoDB and SQS ask for a data key every five minutes as long as they are used. */
const keyCallsPerHour = 12;
/** Of a cluster, a service and a task family. */
const containerInsightsMetrics = 29;
const flowLogBytesPerConnection = 250;
const connectionsPerTaskHour = 2_000;
const freeStorageGb = 20;
/** Two chains, in each of which up to half of what is stored is dead. */
const storedPerSession = 3;
/** A chain is begun anew each day. */
const wholePerDay = 1;

/** What a month costs: what is there, and what happens in it. Pure; no free tier is taken off. */
export function estimate(input: EstimateInput): Estimate {
  const { deployed, region, workload, prices } = input;
  const linked = workload.users * workload.linked;
  const tasks = tasksFor(deployed, linked);
  const usage = monthlyUsage(input);
  const lines: Line[] = [];
  const add = (group: string, what: string, price: string, quantity: number): void => {
    if (quantity === 0) return;
    const { usd, unit } = priceOf(prices, price, region);
    lines.push({ group, what, quantity, unit, usd: quantity * usd });
  };
  addHosts(add, input, { tasks, linked });
  addData(add, input, { usage, linked });
  addRequests(add, input, { usage, tasks });
  addStanding(add, input);
  const sorted = lines.toSorted((a, b) => b.usd - a.usd);
  return { region, workload, tasks, lines: sorted, total: sorted.reduce((sum, { usd }) => sum + usd, 0) };
}

function tasksFor({ task }: Deployed, linked: number): number {
  return Math.max(1, Math.ceil(linked / task.maxSessions));
}

type Add = (group: string, what: string, price: string, quantity: number) => void;

function addHosts(
  add: Add,
  { deployed: { task, containerInsights, natGateways, interfaceEndpoints }, workload }: EstimateInput,
  { tasks, linked }: { tasks: number; linked: number },
): void {
  add('Session hosts', 'processors', 'fargateVcpuHour', tasks * task.vcpu * hours);
  add('Session hosts', 'memory', 'fargateGbHour', tasks * task.memoryGb * hours);
  add(
    'Session hosts',
    'scratch disk',
    'fargateStorageGbHour',
    tasks * Math.max(0, task.storageGb - freeStorageGb) * hours,
  );
  if (task.publicIp) add('Session hosts', 'public addresses', 'publicIpv4Hour', tasks * hours);
  const trafficGb = (linked * workload['web-traffic-mb'] * days) / 1000;
  add('Network', 'hosts to the internet', 'transferOutGb', trafficGb);
  add('Network', 'NAT gateways', 'natHour', natGateways * hours);
  if (natGateways > 0) add('Network', 'through NAT', 'natGb', trafficGb);
  add('Network', 'interface endpoints', 'interfaceEndpointHour', interfaceEndpoints * hours);
  if (containerInsights) add('Observability', 'Container Insights', 'metricMonth', containerInsightsMetrics);
}

function addData(
  add: Add,
  { deployed, flows, workload }: EstimateInput,
  { usage, linked }: { usage: MonthlyUsage; linked: number },
): void {
  add('Database', 'writes', 'dynamodbWriteMillion', usage.sum('dynamodb', 'writeUnits') / 1e6);
  add('Database', 'reads', 'dynamodbReadMillion', usage.sum('dynamodb', 'readUnits') / 1e6);
  const messagesPerRound = 4;
  const bytesPerMessage = flows.storedBytesPerRound / messagesPerRound;
  const storedGb = (workload.users * workload.messages * days * workload['months-kept'] * bytesPerMessage) / 1e9;
  add('Database', 'storage', 'dynamodbGbMonth', storedGb);
  add('Database', 'point-in-time recovery', 'dynamodbPitrGbMonth', storedGb);
  const checkpoints = linked * workload.messages * days * workload['checkpoint-share'];
  // Each moves the pointer to the newest.
  add('Database', 'pointers to checkpoints', 'dynamodbWriteMillion', checkpoints / 1e6);
  const sessionGb = workload['checkpoint-mb'] / 1000;
  const storedCheckpointsGb = linked * storedPerSession * sessionGb;
  const changedGb = (checkpoints * workload['checkpoint-kb']) / 1e6;
  add('Checkpoints', 'written, what changed', 'efsWriteGb', changedGb);
  add('Checkpoints', 'written, whole', 'efsWriteGb', linked * days * wholePerDay * sessionGb);
  add('Checkpoints', 'kept', 'efsGbMonth', storedCheckpointsGb);
  if (deployed.backupPlans > 0) {
    add('Backup', 'tables', 'backupDynamodbGbMonth', storedGb);
    add('Backup', 'checkpoints', 'backupEfsGbMonth', storedCheckpointsGb);
  }
}

function addRequests(
  add: Add,
  { deployed, flows, workload }: EstimateInput,
  { usage, tasks }: { usage: MonthlyUsage; tasks: number },
): void {
  const { users } = workload;
  const opens = users * workload['app-opens'] * days;
  const apiRequests = usage.sum('http-api', 'billedRequests');
  const invocations = usage.sum('lambda', 'requests');
  add('Functions', 'invocations', 'lambdaRequestMillion', invocations / 1e6);
  add(
    'Functions',
    'duration',
    'lambdaGbSecond',
    (usage.sum('lambda', 'megabyteSeconds') / 1024) * workload['latency-factor'],
  );
  add('API and web', 'HTTP API', 'httpApiMillion', apiRequests / 1e6);
  add('API and web', 'WebSocket messages', 'webSocketMillion', usage.sum('websocket', 'billedRequests') / 1e6);
  add('API and web', 'WebSocket minutes', 'webSocketMinuteMillion', (users * workload['app-hours'] * 60 * days) / 1e6);
  const fileRequests = opens * flows.appOpen.requests;
  add('API and web', 'CloudFront requests', 'cloudFrontRequestMillion', (apiRequests + fileRequests) / 1e6);
  add('API and web', 'CloudFront functions', 'cloudFrontFunctionMillion', fileRequests / 1e6);
  add('API and web', 'CloudFront traffic', 'cloudFrontGb', (opens * flows.appOpen.bytes) / 1e9);
  add('API and web', 'WAF', 'wafAclMonth', deployed.waf.acls);
  add('API and web', 'WAF rules', 'wafRuleMonth', deployed.waf.rules);
  if (deployed.waf.acls > 0)
    add('API and web', 'WAF requests', 'wafRequestMillion', (apiRequests + fileRequests) / 1e6);
  const wakePolls = deployed.shards * pollsPerHour * hours;
  const assistantPolls = lambdaPollers * pollsPerHour * hours;
  add('Queues', 'for messages', 'sqsFifoMillion', usage.sum('sqs', 'billedRequests') / 1e6);
  add('Queues', 'waiting for messages', 'sqsFifoMillion', (wakePolls + assistantPolls) / 1e6);
  add('Keys and secrets', 'requests to KMS', 'kmsRequestMillion', usage.sum('kms', 'requests') / 1e6);
  const keyUsers = deployed.queues + deployed.tables + tasks;
  add('Keys and secrets', 'encryption at rest', 'kmsRequestMillion', (keyUsers * keyCallsPerHour * hours) / 1e6);
  if (deployed.tracedFunctions) add('Observability', 'traces, all recorded', 'xrayMillion', invocations / 1e6);
  const flowLogs = deployed.flowLogs ? tasks * connectionsPerTaskHour * hours * flowLogBytesPerConnection : 0;
  const logsGb = (usage.sum('logs', 'bytes') + invocations * platformLogBytes + flowLogs) / 1e9;
  add('Observability', 'logs taken in', 'logsIngestGb', logsGb);
  add('Observability', 'logs kept', 'logsGbMonth', (logsGb * compression * deployed.logRetentionDays) / days);
}

function addStanding(add: Add, { deployed, workload }: EstimateInput): void {
  const { users } = workload;
  add('Observability', 'metrics of our own', 'metricMonth', deployed.customMetrics);
  add('Observability', 'alarms', 'alarmMonth', deployed.alarmMetrics);
  add('Observability', 'dashboards', 'dashboardMonth', deployed.dashboards);
  add('Keys and secrets', 'keys', 'kmsKeyMonth', deployed.keys);
  add('Keys and secrets', 'secrets', 'secretMonth', deployed.secrets);
  add('Identity', 'active users', deployed.threatProtection ? 'cognitoPlusUserMonth' : 'cognitoUserMonth', users);
  add('Identity', 'e-mails', 'emailThousand', (users * workload.emails) / 1000);
  add('Network', 'hosted zones', 'hostedZoneMonth', deployed.hostedZones);
}

export interface MonthlyUsage {
  sum(service: string, amount: keyof Usage['amounts']): number;
}

/** How often each flow happens in a month, times what it takes. */
export function monthlyUsage({ flows, workload, deployed }: Omit<EstimateInput, 'prices' | 'region'>): MonthlyUsage {
  const linked = workload.users * workload.linked;
  const perMonth = flowsPerMonth(workload);
  const idleTimes = (hours * 3600) / flows.idle.seconds;
  const perHost = flows.idle.stack.filter(({ resource }) => resource.startsWith('leases'));
  const perShard = flows.idle.stack.filter((one) => one.service !== 'sqs' && !perHost.includes(one));
  const parts: { usage: readonly Usage[]; times: number }[] = [
    ...flowNames.map((name) => ({
      usage: [...flows.flows[name].usage, ...coldKeys(flows.flows[name])],
      times: perMonth[name] ?? 0,
    })),
    { usage: flows.idle.session, times: linked * idleTimes },
    {
      usage: flows.idle.openApp,
      times: (workload.users * workload['app-hours'] * days * 3600) / flows.idle.seconds,
    },
    // Empty receives are added by the number of queues.
    { usage: perShard, times: (idleTimes * deployed.shards) / measuredShards },
    { usage: perHost, times: idleTimes * tasksFor(deployed, linked) },
  ];
  return {
    sum: (service, amount) =>
      parts.reduce(
        (total, { usage, times }) =>
          total + times * usage.reduce((sum, one) => sum + (one.service === service ? one.amounts[amount] : 0), 0),
        0,
      ),
  };
}

/** Of the embedded cloud. */
const measuredShards = 2;

function coldKeys({ keysWhenCold }: MeasuredFlows['flows'][FlowName]): Usage[] {
  return keysWhenCold.filter(({ service }) => service === 'kms');
}

/** Flows by month, of all users. */
export function flowsPerMonth(workload: Workload): Partial<Record<FlowName, number>> {
  const month = workload.users * days;
  const incoming = workload.messages * workload.incoming;
  const outgoing = workload.messages - incoming;
  const suggested = incoming * workload.assisted;
  const accepted = Math.min(suggested * workload.accepted, outgoing);
  const inApp = (outgoing - accepted) * workload['sent-in-app'];
  const onPhone = outgoing - accepted - inApp;
  const openShare = workload['app-hours'] / 24;
  // What is sent on the phone is stored as what comes in.
  const stored = incoming - suggested + onPhone;
  return {
    messageIn: month * stored * (1 - openShare),
    messageInAppOpen: month * stored * openShare,
    messageInWithSuggestion: month * suggested,
    acceptWithBooking: month * accepted,
    ownerSend: month * inApp,
    openChat: month * workload['app-opens'] * 2,
    appOpen: month * workload['app-opens'],
    login: month * workload.logins,
  };
}

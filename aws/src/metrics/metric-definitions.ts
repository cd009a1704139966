/**
 * Every metric of the product's own as data: code emits these names only, and infra draws and alarms on these only. All
 * carry the dimension `stage`; those `perRoute` exist a second time with `route` besides. Never a user, a chat or a host
 * as dimension: CloudWatch keeps, and charges for, each value apart.
 */
export const metricsNamespace = 'TopActive';

export interface MetricDefinition {
  unit: 'Count' | 'Seconds' | 'Milliseconds' | 'Bytes' | 'Percent';
  /** What one data point says. */
  description: string;
  perRoute?: true;
}

export const metricDefinitions = {
  // The main job.
  MessagesStored: { unit: 'Count', description: 'Messages of WhatsApp that were stored, in and out' },
  MessageDelay: {
    unit: 'Milliseconds',
    description: "From WhatsApp's time of a customer's message to its storing, live only",
  },
  ModelCalls: { unit: 'Count', description: 'Questions to the model, each round of tools counted' },
  ModelInputTokens: { unit: 'Count', description: "Tokens read by the model, on the owner's bill" },
  ModelOutputTokens: { unit: 'Count', description: "Tokens written by the model, on the owner's bill" },
  ModelRefusals: { unit: 'Count', description: 'Jobs in which OpenAI refused the key or the request' },
  Suggestions: { unit: 'Count', description: 'Suggestions shown to owners' },
  SuggestionTime: { unit: 'Milliseconds', description: 'From the beginning of a job to its suggestion' },
  Bookings: { unit: 'Count', description: 'Appointments written to calendars' },
  BookingFailures: { unit: 'Count', description: 'Accepted appointments that could not be booked' },
  CommandsSent: { unit: 'Count', description: 'Commands that a host carried out' },
  CommandsFailed: { unit: 'Count', description: 'Commands that ended FAILED' },
  CommandsUnknown: { unit: 'Count', description: 'Commands that ended UNKNOWN: may have left, not found in the chat' },
  CommandTime: { unit: 'Milliseconds', description: 'From the making of a command that was carried out to its end' },

  // Session hosts, once a minute each.
  SessionsUsed: { unit: 'Count', description: 'Running sessions of a host' },
  SessionCapacity: { unit: 'Count', description: 'Sessions that a host may run' },
  SessionsUsedShare: { unit: 'Percent', description: 'Running sessions of a host by its capacity' },
  SessionsRefused: { unit: 'Count', description: 'Sessions that a host refused because it was full' },
  SessionsRecycled: { unit: 'Count', description: 'Sessions whose browser was ended in order and begun anew' },
  SessionsPaused: { unit: 'Count', description: 'Sessions that were ended since nobody used them' },
  SessionDeaths: { unit: 'Count', description: 'Browsers or connections that died' },
  SessionStartTime: { unit: 'Milliseconds', description: 'From the start of a linked session’s browser to ready' },
  BrowserMemory: { unit: 'Bytes', description: 'Memory of all browsers of a host (PSS)' },
  SessionMemoryMax: { unit: 'Bytes', description: 'Memory of the largest session of a host (PSS)' },
  HostMemory: { unit: 'Bytes', description: 'Memory of the host process (RSS)' },
  CheckpointAgeMax: { unit: 'Seconds', description: 'Age of the oldest newest checkpoint among running sessions' },
  CheckpointAgeP95: { unit: 'Seconds', description: 'The same, of all but the oldest twentieth' },
  CheckpointFailures: { unit: 'Count', description: 'Checkpoints that could not be saved' },
  CheckpointsDamaged: {
    unit: 'Count',
    description: 'Stored checkpoints that were missing, cut, altered or older than known, and not opened',
  },
  OldestOpenCommand: {
    unit: 'Seconds',
    description: 'Age of the oldest command that a host has not ended; 0 without one',
  },
  CatchUps: { unit: 'Count', description: 'Times that a session scanned its chats for what it had missed' },
  CatchUpFailures: { unit: 'Count', description: 'Scans that did not reach every chat' },
  MessagesCaughtUp: { unit: 'Count', description: 'Messages that only a scan found' },
  OwnedShards: { unit: 'Count', description: 'Shards that a host owns' },
  HeartbeatAge: {
    unit: 'Seconds',
    description: 'Since the newest acknowledged heartbeat of a host was sent; it ends at 10',
  },
  HostAccessRefusals: { unit: 'Count', description: 'Shards or credentials that a host asked for and may not have' },
  HostAccessFailures: { unit: 'Count', description: 'Calls for shards or credentials that failed, after all tries' },
  TwoOwners: {
    unit: 'Count',
    description: 'Sessions ended, and checkpoints refused, because another host had the user under a later term',
  },

  // Functions.
  ClientErrors: { unit: 'Count', description: 'Requests refused with 4xx', perRoute: true },
  ServerErrors: { unit: 'Count', description: 'Requests that failed with 5xx', perRoute: true },
  IdentityFailures: { unit: 'Count', description: 'Cognito or its e-mail service failed, or throttled us' },

  // Whoever calls AWS.
  AwsThrottles: { unit: 'Count', description: 'Calls that an AWS service throttled, each try counted' },
  KeyFailures: { unit: 'Count', description: 'Calls that KMS refused or failed, throttling apart' },

  // Maintenance, once a minute.
  CommandsWokenAgain: {
    unit: 'Count',
    description: 'Users whose host was woken again for a command older than a minute',
  },
  OldestCommand: { unit: 'Seconds', description: 'Age of the oldest open command of all users; 0 without one' },
  UnownedShards: { unit: 'Count', description: 'Shards that no living host holds' },
  UsersNotLookedAt: { unit: 'Count', description: 'Users whose commands maintenance could not read' },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof metricDefinitions;
/** Those that also exist per route. */
export type RouteMetricName = {
  [N in MetricName]: (typeof metricDefinitions)[N] extends { perRoute: true } ? N : never;
}[MetricName];

/**
 * Every metric of the product's own as data: code emits these names only, and infra draws and alarms on these only. All
 * carry the dimension `stage`; those with `alsoBy` exist a second time with that dimension besides. Never a user, a
 * chat or a host as dimension: CloudWatch keeps, and charges for, each value apart.
 */
export const metricsNamespace = 'TopActive';

/**
 * What a metric may be kept apart by: a route of the API, a build of WhatsApp's page, WhatsApp's type of a message.
 * `values` is what a value looks like; the page says its build and types, so what looks otherwise counts as `other`.
 */
export const metricDimensions = {
  route: { values: /^[A-Z$]{1,8}( \/[\w/{}+.-]{0,200})?$/ },
  build: { values: /^[0-9.]{1,32}$/ },
  type: { values: /^[a-z0-9_-]{1,64}$/i },
} as const satisfies Record<string, { values: RegExp }>;
export type MetricDimension = keyof typeof metricDimensions;

export interface MetricDefinition {
  unit: 'Count' | 'Seconds' | 'Milliseconds' | 'Bytes' | 'Percent';
  /** What one data point says. */
  description: string;
  alsoBy?: MetricDimension;
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
  ModelGone: { unit: 'Count', description: 'Jobs in which OpenAI did not offer the model that this deployment names' },
  ModelShutdownDays: {
    unit: 'Count',
    description: 'Days until OpenAI shuts the model in use down, where that is announced',
  },
  ProposalsMissing: {
    unit: 'Count',
    description: 'Messages for which the model gave no answer that could be proposed',
  },
  Suggestions: { unit: 'Count', description: 'Suggestions shown to owners' },
  SuggestionTime: { unit: 'Milliseconds', description: 'From the beginning of a job to its suggestion' },
  Bookings: { unit: 'Count', description: 'Appointments written to calendars' },
  BookingFailures: { unit: 'Count', description: 'Accepted appointments that could not be booked' },
  CommandsSent: { unit: 'Count', description: 'Commands that a host carried out' },
  CommandsFailed: { unit: 'Count', description: 'Commands that ended FAILED' },
  CommandsUnknown: { unit: 'Count', description: 'Commands that ended UNKNOWN: may have left, not found in the chat' },
  CommandTime: { unit: 'Milliseconds', description: 'From the creation of a command that was carried out to its end' },

  // What comes through of WhatsApp, and what its page allows.
  PageDeaf: { unit: 'Count', description: 'Messages that were in the page and that the library never reported' },
  MessagesUnreadable: { unit: 'Count', description: 'Messages that came and could not be read' },
  MessagesUnstored: { unit: 'Count', description: 'Messages that were read and not stored within a minute' },
  PageSilent: { unit: 'Count', description: 'Chats that the page showed as newer than any message it reported' },
  ReceptionTrouble: {
    unit: 'Count',
    description: 'Running sessions that miss messages or get them late',
    alsoBy: 'build',
  },
  CapabilitiesMissing: {
    unit: 'Count',
    description: 'Abilities that a session does not have on its page',
    alsoBy: 'build',
  },
  CapabilitiesLost: {
    unit: 'Count',
    description:
      'Abilities found missing on a build of WhatsApp’s page; each counted once per build, by the first session that misses it',
  },
  CapabilitiesRepaired: {
    unit: 'Count',
    description: 'Abilities that a session has on its page only by a repair',
    alsoBy: 'build',
  },
  SelfTestFailures: {
    unit: 'Count',
    description: 'Messages of an account to itself that did not come through on a new build of WhatsApp’s page',
  },
  NewPageBuilds: { unit: 'Count', description: 'Builds of WhatsApp’s page that no session had met before' },
  MessagesOnPhone: {
    unit: 'Count',
    description: 'Messages stored as “opens only on the phone”, because their type is unknown here',
    alsoBy: 'type',
  },
  Restrictions: { unit: 'Count', description: 'Running sessions whose account WhatsApp restricts' },
  SendsRefused: {
    unit: 'Count',
    description: 'Messages not sent, because WhatsApp refused them or would have refused them',
  },
  WhatsAppUnreachable: { unit: 'Count', description: 'Times that a browser could not reach WhatsApp from its host' },
  MessagesNotRead: { unit: 'Count', description: 'Stored messages that the API could not read' },

  // Session hosts, once a minute each.
  SessionsUsed: { unit: 'Count', description: 'Running sessions of a host' },
  SessionCapacity: { unit: 'Count', description: 'Sessions that a host may run' },
  SessionsUsedShare: { unit: 'Percent', description: 'Running sessions of a host by its capacity' },
  SessionsRefused: { unit: 'Count', description: 'Sessions that a host refused because it was full' },
  SessionsRecycled: { unit: 'Count', description: 'Sessions whose browser was closed in order and restarted' },
  SessionsPaused: { unit: 'Count', description: 'Sessions that were ended because nobody used them' },
  SessionDeaths: { unit: 'Count', description: 'Browsers or connections that died' },
  SessionStartTime: { unit: 'Milliseconds', description: 'From the start of a linked session’s browser to ready' },
  BrowserMemory: { unit: 'Bytes', description: 'Memory of all browsers of a host (PSS)' },
  SessionMemoryMax: { unit: 'Bytes', description: 'Memory of the largest session of a host (PSS)' },
  HostMemory: { unit: 'Bytes', description: 'Memory of the host process (RSS)' },
  CheckpointAgeMax: {
    unit: 'Seconds',
    description: 'Age of the newest checkpoint of the running session that was saved longest ago',
  },
  CheckpointAgeP95: { unit: 'Seconds', description: 'The same, without the oldest twentieth of the sessions' },
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
    description: 'Time since the newest acknowledged heartbeat of a host was sent; the host ends itself at 10',
  },
  HostAccessRefusals: { unit: 'Count', description: 'Shards or credentials that a host asked for and may not have' },
  HostAccessFailures: { unit: 'Count', description: 'Calls for shards or credentials that failed, after all tries' },
  TwoOwners: {
    unit: 'Count',
    description: 'Sessions ended, and checkpoints refused, because another host had the user under a later term',
  },

  // Functions.
  ClientErrors: { unit: 'Count', description: 'Requests refused with 4xx', alsoBy: 'route' },
  ServerErrors: { unit: 'Count', description: 'Requests that failed with 5xx', alsoBy: 'route' },
  MailBudgetSpent: { unit: 'Count', description: 'E-mails that Cognito refused because it has sent as many as it may' },
  IdentityFailures: { unit: 'Count', description: 'Calls that Cognito or its e-mail service failed or throttled' },

  // Care for the user pool, once an hour.
  RegistrationsGivenUp: { unit: 'Count', description: 'Registrations removed that nobody had confirmed in time' },
  VanishedUsers: {
    unit: 'Count',
    description: 'Users with a session whom the user pool does not know any more, without an erasure',
  },

  // Whoever calls AWS.
  AwsThrottles: { unit: 'Count', description: 'Calls that an AWS service throttled; each try counts' },
  KeyFailures: { unit: 'Count', description: 'Calls that KMS refused or failed, without throttling' },

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
/** The dimension that a metric is also kept by; `never` for most. */
export type DimensionOf<N extends MetricName> = (typeof metricDefinitions)[N] extends {
  alsoBy: infer D extends MetricDimension;
}
  ? D
  : never;

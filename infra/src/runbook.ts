/** The page that every alarm leads to; paths are from the repository's root. */
export const runbookFile = 'docs/operations/runbook.md';

/** Its sections, by their anchors. A test holds them against the page's headings. */
export type RunbookSection =
  | 'dead-letters'
  | 'no-host-running'
  | 'unowned-shard'
  | 'heartbeat-late'
  | 'host-access'
  | 'two-owners'
  | 'oldest-command'
  | 'sends-unknown'
  | 'checkpoint-age'
  | 'self-test-failed'
  | 'rescan-rate'
  | 'sessions-dying'
  | 'sessions-near-capacity'
  | 'host-memory'
  | 'api-failures'
  | 'api-refusals'
  | 'function-errors'
  | 'function-throttles'
  | 'stream-behind'
  | 'assistant-behind'
  | 'table-throttles'
  | 'aws-throttles'
  | 'key-failures'
  | 'identity-failures'
  | 'mail-bounces'
  | 'backup-failed';

/** Metadata of a log line. No content, tokens, phone numbers, e-mails or QR strings. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields & { error?: never }, error?: unknown): void;
  error(message: string, fields?: LogFields & { error?: never }, error?: unknown): void;
}

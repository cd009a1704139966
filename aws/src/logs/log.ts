import { AsyncLocalStorage } from 'node:async_hooks';
import { Logger } from '@aws-lambda-powertools/logger';
import { z } from 'zod';

/** Keys that every line has already: Powertools drops a field of such a name and logs a warning. */
type ReservedKey = 'level' | 'message' | 'sampling_rate' | 'service' | 'timestamp';

/** Metadata of a log line. No content, tokens, phone numbers, e-mails or QR strings. */
export type LogFields = Readonly<
  Record<string, string | number | boolean | undefined> & Partial<Record<ReservedKey, never>>
>;

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields, error?: unknown): void;
  error(message: string, fields?: LogFields, error?: unknown): void;
}

const context = new AsyncLocalStorage<LogFields>();
let powertools: Logger | undefined;

/**
 * JSON lines by Powertools, with the fields of `withLogFields` around it. Level and service name come from POWERTOOLS_*
 * and LOG_LEVEL.
 */
export const logger: Log = {
  debug: (message, fields) => output().debug(message, extra(fields)),
  info: (message, fields) => output().info(message, extra(fields)),
  warn: (message, fields, error) => output().warn(message, extra(fields, error)),
  error: (message, fields, error) => output().error(message, extra(fields, error)),
};

/** Every line logged within `run`, also after awaits, carries `fields`. */
export function withLogFields<T>(fields: LogFields, run: () => T): T {
  return context.run({ ...context.getStore(), ...fields }, run);
}

/** A field that `withLogFields` has set around the caller. */
export function logField(name: string): LogFields[string] {
  return context.getStore()?.[name];
}

function output(): Logger {
  powertools ??= new Logger();
  return powertools;
}

function extra(fields?: LogFields, error?: unknown): Record<string, unknown> {
  return { ...context.getStore(), ...fields, ...(error !== undefined && { error: describe(error) }) };
}

/** Names, messages and stacks only: SDK errors also carry the request, and a cancelled transaction the items it met. */
function describe(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  return {
    name: error.name,
    ...messageOf(error),
    ...('code' in error && typeof error.code === 'string' && { code: error.code }),
    ...(error.cause !== undefined && depth < 4 && { cause: describe(error.cause, depth + 1) }),
  };
}

/** What failed to parse is quoted in the message (and so in the stack): of those only the places are told. */
function messageOf(error: Error): Record<string, unknown> {
  if (error instanceof z.ZodError)
    return { message: error.issues.map(({ path, code }) => `${path.join('.')}: ${code}`).join('; ') };
  if (error instanceof SyntaxError) return { message: 'Malformed input' };
  return { message: withoutNumbers(error.message), stack: withoutNumbers(error.stack ?? '') };
}

/** Errors of WhatsApp's page name the id that they failed on, which is somebody's phone number. */
function withoutNumbers(text: string): string {
  return text.replaceAll(/\d{8,}/g, '…');
}

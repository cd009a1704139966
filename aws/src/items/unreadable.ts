import { z } from 'zod';
import { logger } from '../logs/log.ts';
import { metrics } from '../metrics/metrics.ts';

const keySchema = z.looseObject({ sk: z.string() });

/**
 * Counts an item that doesn't say what its kind should, so that the operator hears of it while the user still sees
 * everything else. Of its key the log gets the kind only: the rest may hold a number.
 */
export function noteUnreadable(item: unknown, error?: unknown): void {
  metrics.emit('MessagesNotRead');
  const { sk = '' } = keySchema.safeParse(item).data ?? {};
  logger.error('ALARM: a stored item is unreadable', { kind: sk.split('#', 1)[0] }, error);
}

/** For what may as well be absent: an item that can't be read is. */
export function orAbsent<S extends z.ZodType>(schema: S) {
  return z.unknown().transform((item): z.infer<S> | undefined => {
    const read = schema.safeParse(item);
    if (!read.success) noteUnreadable(item, read.error);
    return read.data;
  });
}

/** The fields of an item that are as they should be. */
export function readableFields<S extends z.ZodObject>(schema: S, item: unknown): Partial<z.infer<S>> {
  const fields: Record<string, unknown> = z.looseObject({}).safeParse(item).data ?? {};
  const entries = Object.entries<z.ZodType>(schema.shape).flatMap(([key, field]) => {
    const read = field.safeParse(fields[key]);
    return read.success && read.data !== undefined ? [[key, read.data] as const] : [];
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each field was parsed with its own schema.
  return Object.fromEntries(entries) as Partial<z.infer<S>>;
}

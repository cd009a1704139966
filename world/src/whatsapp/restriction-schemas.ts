import { z } from 'zod';

/** WhatsApp's own names of what led to the lock; others may come. */
const lockTypes = z.string().min(1).max(64);

export const reachoutTimelockSchema = z
  .object({
    type: lockTypes,
    /** Milliseconds from when it is set; null where WhatsApp names no end. */
    endsInMs: z.number().int().min(1).nullable().default(null),
    /** Unix time, milliseconds. Worked out when it is set. */
    endsAt: z.number().nullable().optional(),
  })
  .strict();

export const newChatCapSchema = z
  .object({
    status: z.enum(['NONE', 'FIRST_WARNING', 'SECOND_WARNING', 'CAPPED']),
    total: z.number().int().min(0),
    used: z.number().int().min(0),
    endsInMs: z.number().int().min(1),
    /** Unix time, milliseconds. Worked out when it is set. */
    endsAt: z.number().nullable().optional(),
  })
  .strict();

import { z } from 'zod';
import { instantSchema, userIdSchema } from './ids.ts';

// Between session hosts and the function that decides for whom they may act. Never reachable from a browser.

export const tenantSessionRequestSchema = z.strictObject({ userId: userIdSchema });
export type TenantSessionRequest = z.infer<typeof tenantSessionRequestSchema>;

/** Temporary credentials of the tenant role, confined to one user. */
export const tenantSessionSchema = z.object({
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  sessionToken: z.string(),
  expiration: instantSchema,
});
export type TenantSession = z.infer<typeof tenantSessionSchema>;

const seenHeartbeatSchema = z.strictObject({
  hostId: z.string().min(1).max(256),
  instance: z.uuid(),
  beat: z.int().min(0),
});

/** Who asks is known from the signature; `instance` says which of the host's lives it is. */
export const takeShardsRequestSchema = z.strictObject({
  instance: z.uuid(),
  shards: z
    .array(
      z.strictObject({
        shard: z.int().min(0),
        /** The holder's heartbeat, when it was seen unchanged for as long as the rules ask. */
        seen: seenHeartbeatSchema.optional(),
      }),
    )
    .min(1)
    .max(1024),
});
export type TakeShardsRequest = z.infer<typeof takeShardsRequestSchema>;

export const takeShardsResponseSchema = z.object({
  /** Those that the caller holds now, each with the epoch of its term. */
  taken: z.array(z.object({ shard: z.int(), epoch: z.int() })),
});
export type TakeShardsResponse = z.infer<typeof takeShardsResponseSchema>;

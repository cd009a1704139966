import { z } from 'zod';
import { instantSchema } from './ids.ts';

/** What a session can do on the page that WhatsApp serves, each looked up by itself. */
export const capabilityNames = [
  /** Messages have ids that can be read. Without it nothing can be told apart. */
  'identity',
  'receive',
  'send',
  'ack',
  'edit',
  'revoke',
  'reaction',
  'media',
  'history',
  'chat_list',
  'contact',
  'linking',
  'restriction',
] as const;
export const capabilityNameSchema = z.enum(capabilityNames);
export type CapabilityName = z.infer<typeof capabilityNameSchema>;

export const capabilitySchema = z.object({
  state: z.enum(['ok', 'repaired', 'missing']),
  /** Of `repaired`: the repairs that it rests on. Of `missing`: what the page doesn't have, by WhatsApp's own names. */
  how: z.string().max(300).optional(),
});
export type Capability = z.infer<typeof capabilitySchema>;

/** What was found in one document of WhatsApp's page. */
export const capabilityReportSchema = z.object({
  /** As the page names itself: `2.3000.1048032155`. */
  build: z.string().max(64),
  at: instantSchema,
  capabilities: z.record(capabilityNameSchema, capabilitySchema),
  /** Once per document each. */
  repairs: z.array(z.object({ name: z.string(), applied: z.boolean(), how: z.string().max(300) })),
});
export type CapabilityReport = z.infer<typeof capabilityReportSchema>;

/** What WhatsApp forbids the account for a time, as its own page knows it. */
export const restrictionSchema = z.object({
  /** `reachout`: writing to people who haven't written before. `new_chats`: more new conversations than its quota. */
  kind: z.enum(['reachout', 'new_chats']),
  /** A warning forbids nothing yet. */
  level: z.enum(['warning', 'limited']),
  /** Absent when WhatsApp names no end. */
  until: instantSchema.optional(),
  /** WhatsApp's own name of what led to it. */
  type: z.string().max(64).optional(),
  /** New conversations of the running period. */
  quota: z.object({ total: z.int().min(0), used: z.int().min(0) }).optional(),
});
export type Restriction = z.infer<typeof restrictionSchema>;

/** How messages come through, by what was observed of them. */
export const receptionSchema = z.object({
  /**
   * `ok`. `late`: they come, by a detour. `unreadable`: some come that can't be read, and are shown as such. `failing`:
   * some are known to be missing.
   */
  state: z.enum(['ok', 'late', 'unreadable', 'failing']),
  since: instantSchema,
});
export type Reception = z.infer<typeof receptionSchema>;

/** What the owner of a linked account may need to know of the link beyond its state. */
export const linkHealthSchema = z.object({
  reception: receptionSchema,
  /** The page's build, and since when this account is on it. */
  page: z.object({ build: z.string().max(64), since: instantSchema }).optional(),
  /** What doesn't work on this page. Everything else does. */
  missing: z.array(capabilityNameSchema),
  restrictions: z.array(restrictionSchema),
});
export type LinkHealth = z.infer<typeof linkHealthSchema>;

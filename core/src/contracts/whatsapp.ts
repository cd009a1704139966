import { z } from 'zod';
import { instantSchema } from './ids.ts';
import { linkHealthSchema } from './link-health.ts';
import { passkeyRequestSchema } from './passkey.ts';
import { pairingSchema } from './pairing.ts';

export const linkStates = [
  'unlinked',
  'starting',
  'qr',
  'code',
  'scanned',
  'passkey',
  'code_comparison',
  'syncing',
  'linked',
  'reconnecting',
  'qr_expired',
  'logged_out',
  'failed',
] as const;
export const linkStateSchema = z.enum(linkStates);
export type LinkState = z.infer<typeof linkStateSchema>;

/** States in which a connect would start a second attempt beside a running one. */
export const connectingStates: readonly LinkState[] = [
  'starting',
  'qr',
  'code',
  'scanned',
  'passkey',
  'code_comparison',
  'syncing',
  'reconnecting',
];

export const phoneBatterySchema = z.object({
  percent: z.number().min(0).max(100),
  plugged: z.boolean(),
  at: instantSchema,
});
export type PhoneBattery = z.infer<typeof phoneBatterySchema>;

export const whatsAppStatusSchema = z.object({
  state: linkStateSchema,
  since: instantSchema,
  /** Number of the attempt to link: whoever began it can tell it from somebody else's. */
  attempt: z.int().min(0).optional(),
  /** Only while `qr`: the string to draw, and when the next one replaces it. */
  qr: z.object({ code: z.string(), expiresAt: instantSchema }).optional(),
  /** Only while `passkey`: what the owner's own browser has to sign. */
  passkey: passkeyRequestSchema.optional(),
  /** Only while `code_comparison`: the code that the phone shows too, if nobody is in between. */
  comparisonCode: z.string().optional(),
  /** Only while `code`: linking by a code that is typed on the phone. */
  pairing: pairingSchema.optional(),
  /** Only while `syncing`, 0 to 100. */
  progress: z.number().min(0).max(100).optional(),
  /** From `scanned` on: the linked account. */
  account: z
    .object({
      phone: z.string(),
      name: z.string(),
      platform: z.string(),
      /**
       * As the phone told last. Most never tell: WhatsApp has not asked them to since linked devices work without them.
       */
      battery: phoneBatterySchema.optional(),
    })
    .optional(),
  /** Only while `failed`: a code for the app's plain words. */
  failure: z
    .enum([
      'engine_incompatible',
      'start_timeout',
      'browser_died',
      'refused',
      /** No session host has room; a linked session comes up by itself as soon as there is. */
      'host_busy',
      /** Ended since nobody used it; it comes back at a click, without a code. */
      'idle',
      /**
       * WhatsApp shows a code for a session that was linked. It is kept, and tried again at a click before a new code
       * is shown.
       */
      'session_unknown',
      /** A newer browser than the host's has saved the session; a host that has it takes it up by itself. */
      'host_outdated',
      'banned',
      'passkey_refused',
      'passkey_expired',
      'passkey_rejected',
      'code_mismatch',
      /** For some minutes this deployment got no connection to web.whatsapp.com, so nothing could be linked. */
      'unreachable',
      'unknown',
    ])
    .optional(),
  /** Only with `engine_incompatible`: what WhatsApp's page doesn't have any more, by its own names. */
  incompatible: z.array(z.string().max(100)).max(20).optional(),
  /** Only while `starting` or `reconnecting`: since when web.whatsapp.com can't be reached from this deployment. */
  unreachableSince: instantSchema.optional(),
  /** Only while `logged_out`: WhatsApp's own name of the reason. */
  logoutReason: z.string().max(64).optional(),
  /**
   * Only while `linked`, and while `reconnecting` what was known last: how messages come through, and what the page
   * lets be done.
   */
  health: linkHealthSchema.optional(),
  /** Only while `unlinked`: WhatsApp could not be told, so the device is to be removed on the phone. */
  remainsOnPhone: z.boolean().optional(),
  /**
   * Only without a link: until then WhatsApp restricts the account that was linked last, and linking anew would make it
   * worse.
   */
  restrictedUntil: instantSchema.optional(),
  /**
   * Only without a link: WhatsApp restricted the account that was linked last and named no end. Nobody hears of the end
   * without a link, so that until then, a day after the restriction was last seen, only `despiteRestriction` begins a
   * new one.
   */
  heldUntil: instantSchema.optional(),
  linkedAt: instantSchema.optional(),
  /** Of a checkpoint: everything that had come by then is stored. */
  checkpointAt: instantSchema.optional(),
  /** When the newest checkpoint of the session was taken: some seconds ago, while messages flow. */
  savedAt: instantSchema.optional(),
  simulated: z.boolean(),
});
export type WhatsAppStatus = z.infer<typeof whatsAppStatusSchema>;

/**
 * To link although WhatsApp restricts the account without an end: the owner knows of the risk, or links another one.
 */
const despiteRestrictionSchema = z.boolean().optional();
export const connectWhatsAppRequestSchema = z.strictObject({ despiteRestriction: despiteRestrictionSchema });
export type ConnectWhatsAppRequest = z.infer<typeof connectWhatsAppRequestSchema>;

import { z } from 'zod';
import type { WireContact, WireMessage, WireVote } from './wire.ts';

/** What a page may ask of the world. `n` pairs an answer with its question. */

const id = z.string().min(1).max(200);
const key = z.string().min(1).max(400);

const outgoingMediaSchema = z
  .object({ directPath: z.string(), mimetype: z.string(), filename: z.string().nullable(), size: z.number() })
  .strict();

export const requestSchemas = {
  'pairing-code': z.object({ phone: z.string() }),
  introduce: z.object({ os: z.string().max(100), browser: z.string().max(100) }),
  unlink: z.object({}),
  'passkey-answer': z.object({ credential: z.unknown() }),
  'passkey-declined': z.object({ why: z.string().max(200) }),
  'code-confirmed': z.object({}),
  exists: z.object({ id }),
  send: z.object({
    /** Whole key as the page made it. */
    key,
    chat: id,
    type: z.enum([
      'chat',
      'image',
      'video',
      'audio',
      'ptt',
      'document',
      'sticker',
      'location',
      'vcard',
      'multi_vcard',
      'poll_creation',
    ]),
    text: z.string().max(65_536),
    t: z.number().int(),
    quoted: z.string().nullable(),
    media: outgoingMediaSchema.nullable(),
    forwarded: z.boolean(),
    extra: z.record(z.string(), z.unknown()),
  }),
  history: z.object({
    chat: id,
    /** Strictly older than this message; null: from the newest. A page may not know when a message was sent. */
    before: z.object({ t: z.number().optional(), seq: z.number().int() }).nullable(),
    limit: z.number().int().min(1).max(200),
    /** Later than the message that is named instead. */
    direction: z.enum(['before', 'after']).optional(),
  }),
  messages: z.object({ keys: z.array(key).max(200) }),
  search: z.object({
    text: z.string(),
    chat: id.nullable(),
    page: z.number().int().min(1),
    limit: z.number().int().min(1).max(200),
  }),
  'scheduled-reload': z.object({}),
  seen: z.object({ chat: id }),
  'mark-unread': z.object({ chat: id }),
  'chat-state': z.object({ chat: id, state: z.enum(['composing', 'recording', 'paused']) }),
  presence: z.object({ available: z.boolean() }),
  react: z.object({ key, emoji: z.string().max(32) }),
  vote: z.object({ key, options: z.array(z.number().int().min(0)).max(100) }),
  votes: z.object({ key }),
  edit: z.object({ key, text: z.string().max(65_536) }),
  revoke: z.object({ key }),
  delete: z.object({ key }),
  star: z.object({ key, starred: z.boolean() }),
  'chat-settings': z.object({
    chat: id,
    archived: z.boolean().optional(),
    pinned: z.boolean().optional(),
    muteExpiration: z.number().int().optional(),
  }),
  'clear-chat': z.object({ chat: id }),
  'delete-chat': z.object({ chat: id }),
  'save-contact': z.object({ id, name: z.string().nullable() }),
  block: z.object({ id, blocked: z.boolean() }),
  about: z.object({ id }),
  'set-about': z.object({ about: z.string().max(500) }),
  'set-name': z.object({ name: z.string().min(1).max(100) }),
} satisfies Record<string, z.ZodType>;

export type RequestName = keyof typeof requestSchemas;
export type RequestParams<Name extends RequestName> = z.infer<(typeof requestSchemas)[Name]>;

/** There is nothing to tell but that it is done. */
export type Done = Record<string, never>;

export interface RequestResults {
  'pairing-code': { code: string };
  introduce: Done;
  unlink: Done;
  'passkey-answer': Done;
  'passkey-declined': Done;
  'code-confirmed': Done;
  exists: { contact: WireContact | null };
  send: { seq: number };
  history: { messages: WireMessage[] };
  messages: { messages: WireMessage[] };
  search: { messages: WireMessage[] };
  /** Whether the page is to load itself anew; otherwise it hears of an unlinking. */
  'scheduled-reload': { goesOn: boolean };
  seen: Done;
  'mark-unread': Done;
  'chat-state': Done;
  presence: Done;
  react: Done;
  vote: Done;
  votes: { votes: WireVote[] };
  edit: Done;
  revoke: Done;
  delete: Done;
  star: Done;
  'chat-settings': Done;
  'clear-chat': Done;
  'delete-chat': Done;
  'save-contact': Done;
  block: Done;
  about: { about: string | null };
  'set-about': Done;
  'set-name': Done;
}

const helloSchema = z.object({
  t: z.literal('hello'),
  device: z.string().min(8).max(64),
  token: z.string().nullable(),
  /** Base64 public keys, which the QR code must repeat. */
  noiseKey: z.string(),
  identityKey: z.string(),
  /** What the QR code must repeat besides; null while a code to type is wanted. */
  secret: z.string().nullable(),
  /** The same page is back after its socket was lost: what it missed is replayed, not part of a new snapshot. */
  resume: z.boolean(),
  /** How many notes this profile has ever stored. Fewer than the world knows of: an older copy was restored. */
  received: z.number().int().min(0),
});

export const clientFrameSchema = z.discriminatedUnion('t', [
  helloSchema,
  z.object({ t: z.literal('request'), n: z.number().int(), name: z.string(), params: z.unknown() }),
  /** The secret of the QR code has changed. */
  z.object({ t: z.literal('secret'), secret: z.string().nullable() }),
  z.object({ t: z.literal('confirm'), seqs: z.array(z.number().int()) }),
  z.object({ t: z.literal('missing-module'), name: z.string().max(200) }),
  z.object({ t: z.literal('page-error'), message: z.string().max(2000) }),
]);

export type Hello = z.infer<typeof helloSchema>;
export type ClientFrame = z.infer<typeof clientFrameSchema>;

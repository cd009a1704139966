import { z } from 'zod';
import { digitsOf } from './addresses.ts';
import { addressings } from './types.ts';

/** What the control interface takes. */

const number = z
  .string()
  .transform(digitsOf)
  .refine((digits) => /^\d{8,15}$/.test(digits), 'must be a phone number with country code: 8 to 15 digits');
const seconds = z.number().int().min(0);
const count = z.coerce.number().int();

export const phoneSchema = z
  .object({
    number,
    name: z.string().min(1).max(100),
    locale: z.string().max(20).optional(),
    platform: z.enum(['android', 'iphone', 'smba']).optional(),
    autoRead: z.boolean().optional(),
    addressing: z.enum(addressings).optional(),
  })
  .strict();

export const phoneChangesSchema = z
  .object({
    name: z.string().min(1).max(100),
    about: z.string().max(500),
    autoRead: z.boolean(),
    addressing: z.enum(addressings),
  })
  .partial()
  .strict();

export const contactSchema = z.object({ number, name: z.string().min(1).max(100).nullable() }).strict();
export const blockSchema = z.object({ number, blocked: z.boolean() }).strict();

const mediaSchema = z
  .object({
    mimetype: z.string().regex(/^[\w.+-]+\/[\w.+-]+(;.*)?$/, 'must be a media type such as image/png'),
    data: z.base64(),
    filename: z.string().max(255).optional(),
    caption: z.string().max(65_536).optional(),
    voice: z.boolean().optional(),
  })
  .strict();

export const sendSchema = z
  .object({
    to: z.string().min(1),
    text: z.string().min(1).max(65_536).optional(),
    media: mediaSchema.optional(),
    quoted: z.string().optional(),
    clientId: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,64}$/, 'must be 1 to 64 letters, digits or hyphens')
      .optional(),
    t: seconds.optional(),
  })
  .strict()
  .refine((message) => message.text !== undefined || message.media !== undefined, 'needs text or media');

export const historySchema = z
  .object({
    peer: z.string().min(1),
    messages: z.array(z.object({ fromMe: z.boolean(), text: z.string().min(1), t: seconds }).strict()).max(10_000),
  })
  .strict();

export const scanSchema = z.object({ qr: z.string().min(1).max(2000) }).strict();
export const pairingCodeSchema = z.object({ code: z.string().min(8).max(20) }).strict();
export const signingSchema = z
  .object({ challenge: z.string().regex(/^[\w-]{16,2000}$/, 'must be base64url') })
  .strict();
export const onlineSchema = z.object({ online: z.boolean() }).strict();
export const unlinkSchema = z.object({ device: z.string().optional() }).strict();
export const typingSchema = z
  .object({ to: z.string().min(1), state: z.enum(['composing', 'recording', 'paused']).default('composing') })
  .strict();

const reference = { peer: z.string().min(1), id: z.string().min(1) };
export const reactSchema = z.object({ ...reference, emoji: z.string().max(32) }).strict();
export const editSchema = z.object({ ...reference, text: z.string().min(1).max(65_536) }).strict();
export const revokeSchema = z.object(reference).strict();

export const roomSchema = z
  .object({
    kind: z.enum(['group', 'newsletter']),
    name: z.string().min(1).max(100),
    owner: number,
    members: z.array(number).max(1000),
  })
  .strict();

export const pageQuerySchema = z.object({
  after: count.min(0).optional(),
  limit: count.min(1).max(1000).optional(),
});

export const eventsQuerySchema = z.object({
  after: count.min(0).optional(),
  limit: count.min(1).max(1000).optional(),
  phone: z.string().optional(),
});

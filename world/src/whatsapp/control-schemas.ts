import { z } from 'zod';
import { digitsOf } from './addresses.ts';
import { addressings, callOutcomes } from './types.ts';

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
    round: z.boolean().optional(),
    seconds: z.number().min(0).optional(),
    viewOnce: z.enum(['placeholder', 'media']).optional(),
  })
  .strict();

const text = z.string().min(1).max(65_536);
const content = {
  media: mediaSchema.optional(),
  album: z.array(mediaSchema).min(1).max(100).optional(),
  place: z
    .object({
      latitude: z.number(),
      longitude: z.number(),
      name: z.string().max(1000).optional(),
      address: z.string().max(1000).optional(),
      url: z.string().max(2000).optional(),
      live: z.boolean().optional(),
    })
    .strict()
    .optional(),
  contacts: z
    .array(z.object({ name: z.string().max(1000), phones: z.array(z.string().max(100)).max(100) }).strict())
    .min(1)
    .max(300)
    .optional(),
  poll: z
    .object({
      question: z.string().min(1).max(1000),
      options: z.array(z.string().min(1).max(1000)).min(1).max(100),
      multiple: z.boolean().optional(),
    })
    .strict()
    .optional(),
  call: z
    .object({ outcome: z.enum(callOutcomes), video: z.boolean().optional(), seconds: seconds.optional() })
    .strict()
    .optional(),
  type: z.string().min(1).max(100).optional(),
};

export const sendSchema = z
  .object({
    to: z.string().min(1),
    text: text.optional(),
    ...content,
    attributes: z.record(z.string().max(100), z.unknown()).optional(),
    sealed: z.string().max(100).optional(),
    broadcast: z.boolean().optional(),
    plannedFor: seconds.optional(),
    quoted: z.string().optional(),
    clientId: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,64}$/, 'must be 1 to 64 letters, digits or hyphens')
      .optional(),
    t: seconds.optional(),
  })
  .strict()
  .superRefine((message, context) => {
    const kinds = ['media', 'album', 'place', 'contacts', 'poll', 'call'] as const;
    const given = kinds.filter((kind) => message[kind] !== undefined);
    if (given.length > 1) context.addIssue({ code: 'custom', message: `has ${given.join(' and ')}: one is enough` });
    if (given.length === 0 && message.text === undefined && message.type === undefined)
      context.addIssue({ code: 'custom', message: `needs text, ${kinds.join(', ')} or type` });
    if (message.album !== undefined && message.plannedFor !== undefined)
      context.addIssue({ code: 'custom', path: ['plannedFor'], message: 'an album is sent at once' });
  });

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
export const voteSchema = z.object({ ...reference, options: z.array(z.string()).max(100) }).strict();
export const planSchema = z.object({ ...reference, how: z.enum(['send', 'cancel']) }).strict();
export const numberChangeSchema = z.object({ to: number }).strict();
export const unsealSchema = z.object(reference).strict();
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

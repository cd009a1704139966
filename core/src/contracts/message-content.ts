import { z } from 'zod';
import { instantSchema, messageIdSchema } from './ids.ts';

export const messageKinds = [
  'text',
  'image',
  'video',
  /** A round video. */
  'video_note',
  'audio',
  /** Recorded as a voice message. */
  'voice',
  'document',
  'sticker',
  'location',
  'contact',
  'poll',
  'call',
  'revoked',
  /** Nothing of it can be shown here but that it exists: see `onPhone`. */
  'other',
] as const;
export const messageKindSchema = z.enum(messageKinds);
export type MessageKind = z.infer<typeof messageKindSchema>;

/** Who wrote a message in a group. */
export const senderSchema = z.object({
  /** WhatsApp's id of the member: `5511…@c.us` or `…@lid`. */
  id: z.string(),
  /** The name in the owner's address book, else the one that the member chose; absent when WhatsApp told neither. */
  name: z.string().optional(),
  /** International digits without plus, when WhatsApp told them. */
  phone: z.string().optional(),
});
export type Sender = z.infer<typeof senderSchema>;

/** The message that this one answers, as far as WhatsApp sent it along. */
export const quotedMessageSchema = z.object({
  /** Where it is stored here; absent when it isn't. */
  messageId: messageIdSchema.optional(),
  author: z.enum(['customer', 'owner']),
  /** In groups. */
  senderName: z.string().optional(),
  kind: messageKindSchema,
  /** Its beginning, 300 characters at most. */
  text: z.string(),
});
export type QuotedMessage = z.infer<typeof quotedMessageSchema>;

/** One for each person: a later one replaces it, and none is left when it is taken back. */
export const reactionSchema = z.object({
  author: z.enum(['customer', 'owner']),
  /** WhatsApp's id of who reacted. */
  senderId: z.string(),
  /** In groups. */
  senderName: z.string().optional(),
  emoji: z.string().min(1).max(64),
  at: instantSchema,
});
export type Reaction = z.infer<typeof reactionSchema>;

export const placeSchema = z.object({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  name: z.string().optional(),
  address: z.string().optional(),
  /** Followed live on the phone; here it is the place where it began. */
  live: z.literal(true).optional(),
});
export type Place = z.infer<typeof placeSchema>;

export const contactCardSchema = z.object({
  name: z.string(),
  /** As they stand on the card. */
  phones: z.array(z.string()),
});
export type ContactCard = z.infer<typeof contactCardSchema>;

export const pollSchema = z.object({
  question: z.string(),
  /** `votes` is absent in all of them where they could not be read. */
  options: z.array(z.object({ text: z.string(), votes: z.int().min(0).optional() })),
  /** Several options may be chosen. */
  multiple: z.boolean(),
});
export type Poll = z.infer<typeof pollSchema>;

/** What is known of a file without its bytes. */
export const fileFactsSchema = z.object({
  name: z.string().optional(),
  mimeType: z.string().optional(),
  bytes: z.int().min(0).optional(),
  /** How long it plays. */
  seconds: z.number().min(0).optional(),
});
export type FileFacts = z.infer<typeof fileFactsSchema>;

export const callSchema = z.object({
  missed: z.boolean(),
  video: z.boolean(),
  seconds: z.int().min(0).optional(),
});
export type Call = z.infer<typeof callSchema>;

/** Why only the phone shows it. */
export const onPhoneSchema = z.object({
  reason: z.enum([
    /** A type of message that this app doesn't know. */
    'unknown_type',
    /** WhatsApp has not decrypted it for this device, and may never. */
    'not_decrypted',
    /** To be looked at once, which WhatsApp allows on the phone alone. */
    'view_once',
    /** What is stored here of it can't be read. */
    'damaged',
  ]),
  /** WhatsApp's own name of the type. */
  type: z.string().max(64).optional(),
});
export type OnPhone = z.infer<typeof onPhoneSchema>;

/** Why a message of the owner's didn't leave. */
export const sendFailureSchema = z.enum([
  /** The owner has blocked this contact. */
  'blocked_by_owner',
  /** WhatsApp lets the account write to nobody who hasn't written before, for a time. */
  'reachout_restricted',
  /** The account has used up its new conversations. */
  'new_chats_used_up',
  /** WhatsApp refused it and gave no reason. */
  'refused',
  /** It never left this device. */
  'not_sent',
]);
export type SendFailure = z.infer<typeof sendFailureSchema>;

/** What a message is besides its text. Each field is there only where the message has it. */
export const messageContentSchema = z.object({
  sender: senderSchema.optional(),
  quoted: quotedMessageSchema.optional(),
  /** In the order of their times. */
  reactions: z.array(reactionSchema).optional(),
  place: placeSchema.optional(),
  contacts: z.array(contactCardSchema).optional(),
  poll: pollSchema.optional(),
  file: fileFactsSchema.optional(),
  call: callSchema.optional(),
  /** Its picture, video or voice may be opened once, on the phone. */
  viewOnce: z.literal(true).optional(),
  /** Planned on the phone and not sent yet: when it is to be. */
  plannedFor: instantSchema.optional(),
  onPhone: onPhoneSchema.optional(),
  /** Only while `delivery` is `failed`. */
  failure: sendFailureSchema.optional(),
});
export type MessageContent = z.infer<typeof messageContentSchema>;

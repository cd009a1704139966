import { z } from 'zod';

/** What one user does, and what nobody could measure here. Every assumption is an option of the command. */
export const workloadSchema = z.strictObject({
  users: z.coerce.number().int().positive().default(100).describe('registered people who use it'),
  linked: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('share of users whose WhatsApp is linked, around the clock'),
  messages: z.coerce
    .number()
    .nonnegative()
    .default(200)
    .describe('messages per user and day, in and out, on the phone or in the app'),
  incoming: z.coerce.number().min(0).max(1).default(0.6).describe('share of messages that come in'),
  assisted: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0.3)
    .describe('share of incoming messages in chats with the assistant on'),
  accepted: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('share of suggestions that are accepted, each counted with a booking'),
  'sent-in-app': z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('share of outgoing messages that are written in the app, besides accepted suggestions'),
  'app-opens': z.coerce.number().nonnegative().default(6).describe('times that a user opens the app per day'),
  'app-hours': z.coerce.number().nonnegative().max(24).default(2).describe('hours per day that the app is open'),
  logins: z.coerce.number().nonnegative().default(0.1).describe('logins per user and day'),
  'months-kept': z.coerce.number().nonnegative().default(12).describe('months of messages in the tables'),
  'checkpoint-mb': z.coerce
    .number()
    .positive()
    .default(5)
    .describe('size of a session of the real WhatsApp Web, MB; it is written whole once a day'),
  'checkpoint-kb': z.coerce
    .number()
    .positive()
    .default(100)
    .describe('average size of a checkpoint, kB; on the simulated WhatsApp 10 to 20'),
  'checkpoint-share': z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('checkpoints per message; messages within ten seconds share one'),
  'latency-factor': z.coerce
    .number()
    .positive()
    .default(2)
    .describe('how much longer a function runs than on the laptop'),
  'web-traffic-mb': z.coerce
    .number()
    .nonnegative()
    .default(10)
    .describe('MB per linked user and day from the hosts to WhatsApp'),
  emails: z.coerce.number().nonnegative().default(0.2).describe('e-mails per user and month'),
});

export type Workload = z.output<typeof workloadSchema>;

export const workloadOptions = Object.keys(workloadSchema.shape);

/** What each option means, by name. */
export function explainOptions(): Map<string, string> {
  return new Map(Object.entries(workloadSchema.shape).map(([name, schema]) => [name, schema.description ?? '']));
}

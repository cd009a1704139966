import { readFileSync } from 'node:fs';
import { z } from 'zod';

const amount = z.number().nonnegative().default(0);
const usageSchema = z.object({
  service: z.string(),
  action: z.string(),
  resource: z.string(),
  amounts: z.object({
    requests: amount,
    readUnits: amount,
    writeUnits: amount,
    billedRequests: amount,
    milliseconds: amount,
    megabyteSeconds: amount,
    bytes: amount,
  }),
});
const flowSchema = z.object({
  usage: z.array(usageSchema),
  /** Keys and credentials that a first time takes and a cache then keeps for minutes. */
  keysWhenCold: z.array(usageSchema).default([]),
});

export const flowNames = [
  'link',
  'messageIn',
  'messageInAppOpen',
  'messageInWithSuggestion',
  'acceptWithBooking',
  'ownerSend',
  'openChat',
  'login',
  'appOpen',
] as const;
export type FlowName = (typeof flowNames)[number];

const measuredSchema = z.object({
  measuredAt: z.iso.date(),
  flows: z.record(z.enum([...flowNames, 'listChats']), flowSchema),
  idle: z.object({
    seconds: z.number().positive(),
    /** What happens however many users there are. */
    stack: z.array(usageSchema),
    /** What one linked session adds. */
    session: z.array(usageSchema),
    /** What one open app adds. */
    openApp: z.array(usageSchema),
  }),
  storedBytesPerRound: z.number().positive(),
  checkpointBytes: z.number().positive(),
  appOpen: z.object({ requests: z.number(), bytes: z.number() }),
});

export type Usage = z.output<typeof usageSchema>;
export type MeasuredFlows = z.output<typeof measuredSchema>;

/** What each flow asks of AWS, as the embedded cloud counted it (`npm run prove -- cost-flows`). */
export function readFlows(): MeasuredFlows {
  return measuredSchema.parse(JSON.parse(readFileSync(new URL('flows.json', import.meta.url), 'utf8')));
}

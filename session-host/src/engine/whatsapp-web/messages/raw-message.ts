import { z } from 'zod';

/** One unusable value never takes the others with it. */
const text = z.string().optional().catch(undefined);
const flag = z.boolean().optional().catch(undefined);
const number = z.number().optional().catch(undefined);
const anything = z.unknown().optional();
const fields = z.record(z.string(), z.unknown()).optional().catch(undefined);
const list = z.array(z.unknown()).optional().catch(undefined);

/**
 * What is read of a message's data as the page has it (`Msg.serialize()`; the library's `Message` carries it as
 * `_data`). All of it was written by others, and the page changes: whatever is missing or of another shape is left out.
 */
const rawMessageSchema = z.object({
  id: anything,
  type: text,
  subtype: text,
  from: anything,
  to: anything,
  author: anything,
  notifyName: text,
  isStatusV3: flag,
  /** Epoch seconds. */
  t: number,
  clientReceivedTsMillis: number,
  ack: number,
  isSendFailure: flag,
  latestEditSenderTimestampMs: anything,
  latestEditMsgKey: anything,
  protocolMessageKey: anything,
  quotedMsg: fields,
  quotedStanzaID: text,
  quotedParticipant: anything,
  lat: number,
  lng: number,
  loc: text,
  isLive: flag,
  body: text,
  vcardFormattedName: text,
  vcardList: list,
  pollName: text,
  pollOptions: list,
  pollSelectableOptionsCount: number,
  filename: text,
  mimetype: text,
  size: number,
  /** Seconds, as a number or in digits. */
  duration: anything,
  callOutcome: anything,
  callDuration: number,
  isVideoCall: flag,
  hasReaction: flag,
  isViewOnce: flag,
  viewMode: text,
  isScheduledMsg: flag,
  scheduledTimestampS: number,
  /** Added in the page by this app: see `page/repairs/enrich-message.ts` and `page/add-details.ts`. */
  topActive: fields,
});
export type RawMessage = z.infer<typeof rawMessageSchema>;

export function parseRawMessage(raw: unknown): RawMessage | undefined {
  return rawMessageSchema.safeParse(raw).data;
}

/** The data within a message of the library, which has the rest of it only there. */
export function rawOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null ? Reflect.get(message, '_data') : undefined;
}

/** A peer as WhatsApp tells of it. */
export interface Contact {
  /** All ids that WhatsApp gives for this one peer (`5511…@c.us`, `…@lid`, `…@g.us`), the one to send to first. */
  waIds: readonly [string, ...string[]];
  name: string;
  /** International digits without plus. */
  phone?: string | undefined;
  isGroup: boolean;
  /** WhatsApp's own count of unread messages: replaces ours when given. */
  unread?: number | undefined;
  /** Whether history of before the link could not be fetched; stays as it is when not given. */
  historyMissing?: boolean | undefined;
}

import type { EngineEvent, EngineSession } from '../engine/engine.ts';

/** What the engine tells of chats and their messages. */
export type InboundEvent = Extract<
  EngineEvent,
  { type: 'message' | 'delivery' | 'edit' | 'revoke' | 'reaction' | 'poll' | 'unread' }
>;

/** An event, and the session that told it. */
export interface ToldEvent {
  event: InboundEvent;
  engine: EngineSession;
}

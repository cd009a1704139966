import { setTimeout as delay } from 'node:timers/promises';
import type { EngineSession } from '../engine/engine.ts';
import { logOfSession } from '../session/session-context.ts';

export interface PacingConfig {
  /** Time to type one character. */
  msPerCharacter: number;
  minMs: number;
  maxMs: number;
}

/**
 * Makes a reply look like a person's: read, type for a while, send. Never rejects: what can't be shown is left out, and
 * the time is taken all the same.
 */
export type Pacing = (engine: EngineSession, peer: string, text: string) => Promise<void>;

export function createPacing(config: PacingConfig): Pacing {
  return async (engine, peer, text) => {
    await shown('seen', engine.markSeen(peer));
    const typing = typingTime(config, text);
    if (typing === 0) return;
    await shown('typing', engine.showTyping(peer));
    await delay(typing);
  };
}

async function shown(what: string, showing: Promise<void>): Promise<void> {
  try {
    await showing;
  } catch (error) {
    logOfSession()?.warn('What goes before a reply was not shown', { what }, error);
  }
}

export function typingTime({ msPerCharacter, minMs, maxMs }: PacingConfig, text: string): number {
  return Math.min(maxMs, Math.max(minMs, text.length * msPerCharacter));
}

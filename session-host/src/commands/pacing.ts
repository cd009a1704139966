import { setTimeout as delay } from 'node:timers/promises';
import type { EngineSession } from '../engine/engine.ts';

export interface PacingConfig {
  /** Time to type one character. */
  msPerCharacter: number;
  minMs: number;
  maxMs: number;
}

/** Makes a reply look like a person's: read, type for a while, send. */
export type Pacing = (engine: EngineSession, peer: string, text: string) => Promise<void>;

export function createPacing(config: PacingConfig): Pacing {
  return async (engine, peer, text) => {
    await engine.markSeen(peer);
    const typing = typingTime(config, text);
    if (typing === 0) return;
    await engine.showTyping(peer);
    await delay(typing);
  };
}

export function typingTime({ msPerCharacter, minMs, maxMs }: PacingConfig, text: string): number {
  return Math.min(maxMs, Math.max(minMs, text.length * msPerCharacter));
}

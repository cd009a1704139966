import { metrics, type Log } from '@top-active/aws';
import type { EngineSession } from '../engine/engine.ts';
import type { BehindChats } from './behind-chats.ts';
import type { CatchUp } from './catch-up.ts';

/** Chats that could not be caught up with: each is tried again by itself, and every other one goes on. */
interface ChatRetries {
  /** Something of this chat may be missing, from then on; undefined: of all of it. */
  fallBehind(peer: string, since: Date | undefined, engine: EngineSession): void;
  /** It is about to be tried again. */
  isDue(peer: string): boolean;
  /** Nothing is tried again by itself any more. */
  end(): void;
}

interface ChatRetriesOptions {
  behind: BehindChats;
  catchUp: Pick<CatchUp, 'again' | 'noteMissing'>;
  /** Before the second try of a chat; further ones wait longer. */
  retryMs: number;
  log: Log;
  /** Ends retries when the host stops. */
  signal: AbortSignal;
}

export function createChatRetries({ behind, catchUp, retryMs, log, signal }: ChatRetriesOptions): ChatRetries {
  const timers = new Map<string, NodeJS.Timeout>();

  function fallBehind(peer: string, since: Date | undefined, engine: EngineSession): void {
    behind.add(peer, since);
    const factor = behind.failed(peer);
    if (factor === undefined) {
      giveUp(peer, engine);
      return;
    }
    clearTimeout(timers.get(peer));
    timers.set(
      peer,
      setTimeout(() => tryAgain(peer, engine), retryMs * factor),
    );
  }

  function giveUp(peer: string, engine: EngineSession): void {
    log.error('ALARM: a chat could not be caught up with, and is not tried again for now');
    metrics.emit('CatchUpFailures');
    const chat = behind.get(peer);
    if (chat)
      catchUp
        .noteMissing(engine, chat)
        .catch((error: unknown) => log.warn('What is missing of a chat was not noted', {}, error));
  }

  function tryAgain(peer: string, engine: EngineSession): void {
    timers.delete(peer);
    const chat = behind.get(peer);
    if (!chat || signal.aborted) return;
    catchUp
      .again(engine, chat)
      .then(() => behind.caughtUp(peer))
      .catch((error: unknown) => {
        log.warn('A chat could not be caught up with', { failures: chat.failures }, error);
        if (!signal.aborted) fallBehind(peer, chat.since, engine);
      });
  }

  return {
    fallBehind,
    isDue: (peer) => timers.has(peer),
    end() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}

import type { EngineEvent } from '../../engine.ts';
import type { PageFact } from '../page/repair-context.ts';
import { tellMessage, tellRevoke } from './forward-messages.ts';
import { parseRawMessage } from './raw-message.ts';
import { readKey } from './read-key.ts';

/** Tells on what the page itself tells of messages that have become others: see `page/repairs/tell-changes.ts`. */
export function forwardChange(fact: PageFact, emit: (event: EngineEvent) => void): void {
  if (fact.type === 'message-changed') tellMessage(parsed(fact.model), emit);
  if (fact.type !== 'plan-dropped') return;
  const raw = parseRawMessage(parsed(fact.model));
  tellRevoke(readKey(raw?.id, raw), emit);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // Told as unreadable.
    return undefined;
  }
}

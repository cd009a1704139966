import {
  commandIdSchema,
  commandStateSchema,
  hostCommandSchema,
  instantSchema,
  messageIdSchema,
  suggestionIdSchema,
  type CommandId,
  type CommandState,
  type HostCommand,
  type MessageId,
  type NewUserEvent,
  type SuggestionId,
} from '@top-active/core/contracts';
import { z } from 'zod';
import type { ItemStore, Write } from '../items/item-store.ts';
import { keys } from '../items/keys.ts';
import { currentTraceId } from '../logs/trace.ts';
import { expiryAfter } from '../items/instants.ts';
import { sentSuggestion } from './suggestion-record.ts';

/** How long a send that failed (or may have) stays in the chat's list of outgoing messages. */
const keepOutgoingSeconds = 24 * 3600;

export const commandRecordSchema = z.object({
  id: commandIdSchema,
  command: hostCommandSchema,
  state: commandStateSchema,
  createdAt: instantSchema,
  updatedAt: instantSchema,
  /** How often it was claimed. */
  attempts: z.int(),
  messageId: messageIdSchema.optional(),
  failure: z.string().optional(),
  /** Host that works on it, and the epoch of its ownership. */
  claimedBy: z.string().optional(),
  claimedEpoch: z.int().optional(),
  suggestionId: suggestionIdSchema.optional(),
  /** Trace of the request that made it: SQS only wakes, so the host learns it from here. */
  traceId: z.string().optional(),
});
export type CommandRecord = z.infer<typeof commandRecordSchema>;

export interface CommandOutcome {
  state: Extract<CommandState, 'SENT' | 'FAILED' | 'UNKNOWN'>;
  messageId?: MessageId | undefined;
  /** A code, never message content. */
  failure?: string | undefined;
  /** Epoch under which the reporting host had claimed it. A host that has lost its shard can only report SENT. */
  epoch?: number | undefined;
}

export interface Changes {
  changes: Write[];
  events: NewUserEvent[];
}

/** Writes of a new command. */
export function newCommand(options: {
  id: CommandId;
  command: HostCommand;
  now: string;
  suggestionId?: SuggestionId | undefined;
}): Changes & { record: CommandRecord } {
  const { id, command, now, suggestionId } = options;
  const record: CommandRecord = {
    id,
    command,
    state: 'PENDING',
    createdAt: now,
    updatedAt: now,
    attempts: 0,
    suggestionId,
    traceId: currentTraceId(),
  };
  const changes: Write[] = [
    // What kind it is stays readable: a restore holds back sends, without a user's key.
    { kind: 'put', sk: keys.command(id), item: { ...record, kind: command.kind }, condition: 'absent' },
    { kind: 'put', sk: keys.pending(id), item: { id } },
  ];
  if (command.kind === 'message.send')
    changes.push({ kind: 'put', sk: keys.outgoing(command.chatId, id), item: { id } });
  return { record, changes, events: eventsOf(record) };
}

/**
 * Writes that end a command, or undefined when it has ended before. That a message was seen in the chat (SENT) beats
 * everything that was believed of it.
 */
export async function endOfCommand(
  items: ItemStore,
  record: CommandRecord,
  { outcome, now }: { outcome: CommandOutcome; now: number },
): Promise<Changes | undefined> {
  if (!mayEnd(record, outcome)) return undefined;
  const { state, messageId, failure } = outcome;
  const updatedAt = new Date(now).toISOString();
  const changes: Write[] = [
    {
      kind: 'update',
      sk: keys.command(record.id),
      set: { state, messageId, failure, updatedAt },
      condition: { state: record.state },
    },
    { kind: 'delete', sk: keys.pending(record.id) },
  ];
  const events = eventsOf(record);
  if (record.command.kind === 'message.send') {
    const sk = keys.outgoing(record.command.chatId, record.id);
    const expiresAt = expiryAfter(now, keepOutgoingSeconds);
    changes.push(state === 'SENT' ? { kind: 'delete', sk } : { kind: 'update', sk, set: { id: record.id, expiresAt } });
  }
  if (state === 'SENT' && record.suggestionId !== undefined) {
    const sent = await sentSuggestion(items, record.suggestionId);
    changes.push(...sent.changes);
    events.push(...sent.events);
  }
  return { changes, events };
}

function mayEnd(record: CommandRecord, { state, epoch }: CommandOutcome): boolean {
  if (record.state === 'SENT' || record.state === state) return false;
  if (state === 'SENT') return true;
  return record.state !== 'FAILED' && (epoch ?? Infinity) >= (record.claimedEpoch ?? 0);
}

function eventsOf({ id, command }: CommandRecord): NewUserEvent[] {
  if (command.kind !== 'message.send') return [];
  return [{ type: 'command.updated', ids: { chatId: command.chatId, commandId: id } }];
}

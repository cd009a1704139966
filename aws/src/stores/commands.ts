import type { ChatId, CommandId, HostCommand, Outgoing } from '@top-active/core/contracts';
import { commandIdSchema } from '@top-active/core/contracts';
import { isLaterTerm } from '@top-active/core/domain';
import { AppError } from '@top-active/core/errors';
import { z } from 'zod';
import { keys, prefixes } from '../items/keys.ts';
import { orAbsent } from '../items/unreadable.ts';
import { logger } from '../logs/log.ts';
import { readChats } from './chat-access.ts';
import {
  commandRecordSchema,
  endOfCommand,
  newCommand,
  type CommandOutcome,
  type CommandRecord,
} from './command-record.ts';
import { expiryAfter, instant } from '../items/instants.ts';
import type { StoreContext } from './store-context.ts';
import { superseded } from './suggestion-record.ts';

export interface CommandStore {
  /**
   * Stores the command, then wakes the host; a wake that fails is made up for by maintenance. What the owner sends by
   * hand supersedes the chat's pending suggestion.
   * With an idempotency key a repetition within 24 hours gets the first command (`existing`).
   * @throws {AppError} `idempotency_key_reused` for the same key with another `requestHash`
   */
  create(input: {
    /**
     * A function is asked before anything is stored, but not for a repetition; what it throws refuses the command. What
     * it reads is still true when the command is stored.
     */
    command: HostCommand | (() => Promise<HostCommand>);
    idempotencyKey?: string | undefined;
    requestHash?: string | undefined;
  }): Promise<{ id: CommandId; existing: boolean }>;
  get(id: CommandId): Promise<CommandRecord | undefined>;
  /** PENDING and CLAIMED ones in the order of creation. */
  open(): Promise<CommandRecord[]>;
  /**
   * Takes the command for a host: a PENDING one, or one CLAIMED under a lower epoch. Undefined: it is done, taken, or
   * another's.
   * @throws {FencedError} when the user has a later owner
   */
  claim(id: CommandId, hostId: string, epoch: number): Promise<CommandRecord | undefined>;
  /**
   * Gives back what was claimed and of which nothing was done. Nothing happens when it isn't claimed by this host any
   * more.
   */
  release(id: CommandId, hostId: string, epoch: number): Promise<void>;
  /**
   * Ends the command. SENT is for ever; UNKNOWN may still become FAILED, and both SENT, should the message be found.
   * A send that ends SENT makes its suggestion `sent`. False: it had ended before, or another host has it now.
   */
  finish(id: CommandId, outcome: CommandOutcome): Promise<boolean>;
  /**
   * Sends of a chat, and of those merged into it, that aren't messages yet: open ones, and those FAILED or UNKNOWN
   * within the last 24 hours. All are shown as the first chat's.
   */
  outgoingOf(chatId: ChatId, ...merged: readonly ChatId[]): Promise<Outgoing[]>;
  /** Sends of all chats that FAILED or are UNKNOWN, within the last 24 hours, each as of the chat that is shown. */
  unsent(): Promise<Outgoing[]>;
}

const keepKeySeconds = 24 * 3600;
const idempotencySchema = z.object({ commandId: commandIdSchema, requestHash: z.string().optional() });
const markerSchema = z.object({ id: commandIdSchema });

export function createCommandStore({ items, events, fence, now, newId, wake }: StoreContext): CommandStore {
  const get = (id: CommandId) => items.get(keys.command(id), orAbsent(commandRecordSchema));

  async function marked(prefix: string): Promise<CommandRecord[]> {
    const markers = await items.query({ prefix }, markerSchema);
    const found = await items.getMany(
      markers.map(({ id }) => keys.command(id)),
      z.looseObject({ sk: z.string() }),
    );
    return found.flatMap(readable);
  }

  return {
    async create({ command: wanted, idempotencyKey, requestHash }) {
      const created = await events.commit(async () => {
        const key = idempotencyKey === undefined ? undefined : keys.idempotency(idempotencyKey);
        const earlier = key === undefined ? undefined : await items.get(key, idempotencySchema);
        if (earlier) {
          if (earlier.requestHash !== requestHash) throw keyReused();
          return { changes: [], events: [], result: { id: earlier.commandId, existing: true } };
        }
        const command = typeof wanted === 'function' ? await wanted() : wanted;
        const id = newId();
        const made = newCommand({ id, command, now: instant(now()) });
        const byHand = command.kind === 'message.send' && command.author === 'owner';
        const ended = byHand ? await superseded(items, command.chatId) : { changes: [], events: [] };
        const changes = [...made.changes, ...ended.changes];
        const expiresAt = expiryAfter(now(), keepKeySeconds);
        if (key !== undefined) changes.push({ kind: 'put', sk: key, item: { commandId: id, requestHash, expiresAt } });
        return { changes, events: [...made.events, ...ended.events], result: { id, existing: false } };
      });
      if (!created.existing) await wake(created.id);
      return created;
    },
    get,
    open: () => marked(prefixes.pending),
    async claim(id, hostId, epoch) {
      const record = await get(id);
      fence.admit(record?.claimedEpoch);
      if (!record || !isFree(record, epoch)) return undefined;
      const { state, claimedBy, claimedEpoch } = record;
      const claim = {
        state: 'CLAIMED',
        claimedBy: hostId,
        claimedEpoch: epoch,
        attempts: record.attempts + 1,
        updatedAt: instant(now()),
      } as const;
      const condition = { state, claimedBy, claimedEpoch };
      const won = await fence.write({ kind: 'update', sk: keys.command(id), set: claim, condition });
      return won ? { ...record, ...claim } : undefined;
    },
    async release(id, hostId, epoch) {
      await fence.write({
        kind: 'update',
        sk: keys.command(id),
        set: { state: 'PENDING', updatedAt: instant(now()) },
        condition: { state: 'CLAIMED', claimedBy: hostId, claimedEpoch: epoch },
      });
    },
    finish: (id, outcome) =>
      events.commit(async () => {
        const record = await get(id);
        const end = record && (await endOfCommand(items, record, { outcome, now: now() }));
        return end ? { ...end, result: true } : { changes: [], events: [], result: false };
      }),
    async outgoingOf(chatId, ...merged) {
      const found = await Promise.all([chatId, ...merged].map((part) => marked(keys.outgoingsOf(part))));
      const records = found.flat().toSorted((a, b) => (a.id < b.id ? -1 : 1));
      return records.flatMap((record) => asOutgoing(record, () => chatId));
    },
    async unsent() {
      const records = (await marked(prefixes.outgoing)).filter(
        ({ state }) => state === 'FAILED' || state === 'UNKNOWN',
      );
      const chatIds = records.flatMap(({ command }) => (command.kind === 'message.send' ? [command.chatId] : []));
      const chats = await readChats(items, [...new Set(chatIds)]);
      return records
        .toSorted((a, b) => (a.id < b.id ? -1 : 1))
        .flatMap((record) => asOutgoing(record, (chatId) => chats.get(chatId)?.id ?? chatId));
    },
  };
}

function asOutgoing(
  { id, command, state, createdAt, messageId, failure }: CommandRecord,
  shownAs: (chatId: ChatId) => ChatId,
): Outgoing[] {
  if (command.kind !== 'message.send' || state === 'SENT') return [];
  const { text, author } = command;
  return [{ id, chatId: shownAs(command.chatId), state, text, author, createdAt, messageId, failure }];
}

/** What another version has written, and this one doesn't understand, must not hold up the rest. It stays open. */
function readable(item: { sk: string }): CommandRecord[] {
  const read = commandRecordSchema.safeParse(item);
  if (read.success) return [read.data];
  logger.error('ALARM: a command is unreadable and was passed over', { item: item.sk });
  return [];
}

function isFree({ state, claimedEpoch }: CommandRecord, epoch: number): boolean {
  return state === 'PENDING' || (state === 'CLAIMED' && isLaterTerm(epoch, claimedEpoch));
}

function keyReused(): AppError {
  return new AppError('idempotency_key_reused');
}

import type {
  ChatId,
  CommandId,
  CommandState,
  HostCommand,
  MessageId,
  Outgoing,
  SuggestionId,
} from '@top-active/core/contracts';

export interface CommandRecord {
  id: CommandId;
  command: HostCommand;
  state: CommandState;
  createdAt: string;
  updatedAt: string;
  /** How often it was claimed. */
  attempts: number;
  messageId?: MessageId | undefined;
  failure?: string | undefined;
  /** Host that works on it, and the epoch of its ownership. */
  claimedBy?: string | undefined;
  claimedEpoch?: number | undefined;
  suggestionId?: SuggestionId | undefined;
}

export interface CommandStore {
  /**
   * Stores the command, then wakes the host; a wake that fails is made up for by maintenance.
   * With an idempotency key a repetition within 24 hours gets the first command (`existing`).
   * @throws {AppError} `idempotency_key_reused` for the same key with another `requestHash`
   */
  create(input: {
    command: HostCommand;
    idempotencyKey?: string | undefined;
    requestHash?: string | undefined;
  }): Promise<{ id: CommandId; existing: boolean }>;
  get(id: CommandId): Promise<CommandRecord | undefined>;
  /** PENDING and CLAIMED ones in the order of creation. */
  open(): Promise<CommandRecord[]>;
  /**
   * Takes the command for a host: PENDING, or CLAIMED under a lower epoch (or by the same host and epoch, after its
   * restart). Undefined: it is done, or another's.
   */
  claim(id: CommandId, hostId: string, epoch: number): Promise<CommandRecord | undefined>;
  /**
   * Ends the command. SENT and FAILED are for ever; UNKNOWN may still become one of them. False: it had ended before.
   * A send that ends SENT makes its suggestion `sent`.
   */
  finish(
    id: CommandId,
    outcome: {
      state: Extract<CommandState, 'SENT' | 'FAILED' | 'UNKNOWN'>;
      messageId?: MessageId | undefined;
      /** A code, never message content. */
      failure?: string | undefined;
    },
  ): Promise<boolean>;
  /** Sends of this chat that aren't messages yet: open ones, and those FAILED or UNKNOWN within the last 24 hours. */
  outgoingOf(chatId: ChatId): Promise<Outgoing[]>;
}

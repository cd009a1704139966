import type { AssistantJob, CommandId, HostWake, UserId } from '@top-active/core/contracts';

export interface WakeQueue {
  /** Wakes the host of the user's shard. `again`: it was woken before, and SQS would drop the repetition for 5 minutes. */
  wake(userId: UserId, commandId: CommandId, options?: { again?: boolean | undefined }): Promise<void>;
}

export interface ReceivedWake {
  wake: HostWake;
  receiptHandle: string;
}

/** A host's end of a shard's queue. */
export interface WakeReceiver {
  /** Long poll of at most 20 seconds; empty when nothing came or `signal` aborted. Unreadable messages are dropped and logged. */
  receive(options?: { waitSeconds?: number | undefined; signal?: AbortSignal | undefined }): Promise<ReceivedWake[]>;
  done(receiptHandle: string): Promise<void>;
}

export interface AssistantQueue {
  /** `deduplicationId`: the same job sent twice within 5 minutes arrives once. */
  send(job: AssistantJob, options: { deduplicationId: string }): Promise<void>;
}

import type { WorldClient } from '@top-active/local/client';
import type { HostUsage } from './process-usage.ts';
import type { Restart } from './restart.ts';

/** Sessions of one host on the simulated WhatsApp, whoever runs them. */
export interface Fleet {
  /** Milliseconds from "connect" to the first QR code, one per linked session. */
  readonly qrMs: readonly number[];
  /** Attempts to link that came to nothing and were repeated. */
  readonly failedLinks: number;
  readonly world: WorldClient;
  /** Numbers of the linked phones. */
  readonly phones: readonly string[];
  /** Links one account after another until so many are linked. */
  grow(count: number): Promise<void>;
  /** Ends the host in order and starts it again, with all its sessions. */
  restart(): Promise<Restart>;
  usage(): HostUsage;
  /** Expects so many messages from now on. Call it before they are written. */
  expectMessages(count: number): MessageCount;
  /** Chats in which not exactly what was written is stored, in its order. Absent: nothing is stored. */
  wronglyStored?(written: readonly WrittenChat[]): Promise<number>;
  close(): Promise<void>;
}

/** All that a customer wrote to a phone. */
export interface WrittenChat {
  phone: string;
  customer: string;
  texts: readonly string[];
}

export interface MessageCount {
  /** Resolves when all have come, or the time is up. `lastAt`: when the last of them was taken, epoch milliseconds. */
  taken(timeoutMs: number): Promise<{ count: number; lastAt: number }>;
}

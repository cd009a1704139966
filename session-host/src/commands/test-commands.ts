import type { CommandOutcome, CommandRecord } from '@top-active/aws';
import { partOfTenant } from '@top-active/aws/test-support/part-of-tenant';
import type { HostCommand } from '@top-active/core/contracts';

/** One user's commands in memory, with the rules of the real store, for tests of what works on them. */

export const hostId = 'host';
export const epoch = 7;
export const patienceMs = 600_000;
export const retryMs = 5_000;

type Call = 'open' | 'claim' | 'release' | 'finish';
type Ordered = {
  kind?: 'message.send' | 'chat.seen' | 'link.stop';
  text?: string;
  chatId?: string;
  claimedUnder?: number | undefined;
  createdAt?: string | undefined;
  traceId?: string | undefined;
};

export function createTestCommands() {
  const records = new Map<string, CommandRecord>();
  /** In the order in which they came. */
  const calls: string[] = [];
  const failures: { call: Call; error: Error }[] = [];

  function note(call: Call, id?: string): void {
    calls.push(id === undefined ? call : `${call} ${id}`);
    const place = failures.findIndex((failure) => failure.call === call);
    const [failure] = place === -1 ? [] : failures.splice(place, 1);
    if (failure) throw failure.error;
  }

  function order(
    id: string,
    { kind = 'message.send', text = 'Oi', chatId = 'chat', claimedUnder, createdAt, traceId }: Ordered = {},
  ): void {
    const now = new Date().toISOString();
    const claim = { state: 'CLAIMED', claimedBy: 'former', claimedEpoch: claimedUnder } as const;
    records.set(id, {
      id,
      command: commandOf({ kind, text, chatId }),
      state: 'PENDING',
      createdAt: createdAt ?? now,
      updatedAt: now,
      attempts: 0,
      traceId,
      ...(claimedUnder !== undefined && claim),
    });
  }

  function change(id: string, changes: Partial<CommandRecord>): CommandRecord {
    const record = records.get(id);
    if (!record) throw new Error(`There is no command ${id}`);
    const changed = { ...record, ...changes, updatedAt: new Date().toISOString() };
    records.set(id, changed);
    return changed;
  }

  const commands = {
    async open() {
      note('open');
      return [...records.values()].filter(({ state }) => state === 'PENDING' || state === 'CLAIMED');
    },
    async claim(id: string, by: string, term: number) {
      note('claim', id);
      const { state, claimedEpoch = 0 } = change(id, {});
      const isFree = state === 'PENDING' || (state === 'CLAIMED' && claimedEpoch < term);
      return isFree ? change(id, { state: 'CLAIMED', claimedBy: by, claimedEpoch: term }) : undefined;
    },
    async release(id: string, by: string, term: number) {
      note('release', id);
      const { state, claimedBy, claimedEpoch } = change(id, {});
      if (state === 'CLAIMED' && claimedBy === by && claimedEpoch === term) change(id, { state: 'PENDING' });
    },
    async finish(id: string, { state, ...rest }: CommandOutcome) {
      note('finish', id);
      change(id, { state, ...('failure' in rest && { failure: rest.failure }) });
      return true;
    },
  };

  return {
    tenant: partOfTenant({ commands }),
    records,
    calls,
    order,
    /** The next of these calls fail, in this order. */
    fail: (call: Call, ...errors: Error[]) => void failures.push(...errors.map((error) => ({ call, error }))),
    states: () => Object.fromEntries([...records].map(([id, { state }]) => [id, state])),
  };
}

function commandOf({ kind, text, chatId }: Required<Pick<Ordered, 'kind' | 'text' | 'chatId'>>): HostCommand {
  if (kind === 'link.stop') return { kind };
  if (kind === 'chat.seen') return { kind, chatId };
  return { kind, chatId, text, author: 'owner' };
}

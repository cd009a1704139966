import { z } from 'zod';
import { keys } from '../items/keys.ts';
import { instant } from '../items/instants.ts';
import type { StoreContext } from './store-context.ts';

const usageSchema = z.object({ inputTokens: z.int(), outputTokens: z.int(), requests: z.int() });
export type Usage = z.infer<typeof usageSchema>;

export interface UsageStore {
  /** Adds to the running month (UTC), atomically. */
  add(usage: Pick<Usage, 'inputTokens' | 'outputTokens'>): Promise<void>;
  /** Of a month like `2026-11`, by default the running one. */
  get(month?: string): Promise<Usage>;
}

export function createUsageStore({ items, now }: StoreContext): UsageStore {
  const thisMonth = () => instant(now()).slice(0, 7);

  return {
    async add({ inputTokens, outputTokens }) {
      await items.write({
        kind: 'update',
        sk: keys.usage(thisMonth()),
        add: { inputTokens, outputTokens, requests: 1 },
      });
    },
    async get(month = thisMonth()) {
      return (await items.get(keys.usage(month), usageSchema)) ?? { inputTokens: 0, outputTokens: 0, requests: 0 };
    },
  };
}

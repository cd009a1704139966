import { readFileSync } from 'node:fs';
import { z } from 'zod';

export const regions = ['us-east-1', 'sa-east-1'] as const;
export type Region = (typeof regions)[number];

const priceSchema = z.strictObject({ usd: z.number().positive(), confidence: z.enum(['high', 'medium', 'low']) });

const pricesSchema = z.strictObject({
  asOf: z.iso.date(),
  currency: z.literal('USD'),
  note: z.string(),
  prices: z.record(
    z.string(),
    z.strictObject({ unit: z.string(), 'us-east-1': priceSchema, 'sa-east-1': priceSchema, source: z.url() }),
  ),
});

export type Prices = z.output<typeof pricesSchema>;

/** List prices as they were looked up, each with its source and how sure it is. */
export function readPrices(): Prices {
  return pricesSchema.parse(JSON.parse(readFileSync(new URL('prices.json', import.meta.url), 'utf8')));
}

/** @throws Error naming the price that is missing from `prices.json` */
export function priceOf({ prices }: Prices, id: string, region: Region): { usd: number; unit: string } {
  const price = prices[id];
  if (!price) throw new Error(`operations/src/cost/prices.json has no price "${id}".`);
  return { usd: price[region].usd, unit: price.unit };
}

import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { instantSchema } from '@top-active/core/contracts';
import { z } from 'zod';
import type { AwsClients } from '../calls/clients.ts';
import { knownModelsPartition } from '../table-definitions.ts';

export const knownModelSchema = z.object({
  model: z.string(),
  /** False: OpenAI doesn't offer it, or no longer offers it. */
  available: z.boolean(),
  /** YYYY-MM-DD, once OpenAI has announced it. */
  shutdownDate: z.iso.date().optional(),
  checkedAt: instantSchema,
});
export type KnownModel = z.infer<typeof knownModelSchema>;

/** What OpenAI last said of the models that this deployment writes with. */
export interface KnownModels {
  note(model: KnownModel): Promise<void>;
  /** Newest check first. */
  list(): Promise<KnownModel[]>;
}

export function createKnownModels(clients: Pick<AwsClients, 'dynamodb'>, { table }: { table: string }): KnownModels {
  return {
    async note(model) {
      const key = { pk: knownModelsPartition, sk: `MODEL#${model.model}` };
      await clients.dynamodb.send(new PutCommand({ TableName: table, Item: { ...key, ...model } }));
    },
    async list() {
      const { Items = [] } = await clients.dynamodb.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': knownModelsPartition },
        }),
      );
      const models = z.array(knownModelSchema).parse(Items);
      return models.toSorted((a, b) => (a.checkedAt < b.checkedAt ? 1 : -1));
    },
  };
}

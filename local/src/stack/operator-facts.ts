import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createKnownBuilds, createKnownModels, type KnownBuild, type OperatorFacts } from '@top-active/aws';
import { openAiEnvSchema } from '@top-active/lambdas/openai-env';
import { dynamoDbClient } from './dynamodb-client.ts';
import type { Cloud } from './boot-cloud.ts';
import { noteReception, receptionFact, type LoggedReception } from './logged-reception.ts';

type Tables = Pick<Cloud, 'servers' | 'tables'>;

export interface OperatorFactsReader {
  /** Every log line of the session host passes here. */
  hear(line: string): void;
  read: () => Promise<OperatorFacts>;
}

/** @param options.openAiModel as the environment names it; absent: the default */
export function createOperatorFacts(cloud: Tables, options: { openAiModel: string | undefined }): OperatorFactsReader {
  const { OPENAI_MODEL: model } = openAiEnvSchema.parse({ OPENAI_MODEL: options.openAiModel });
  let heard: LoggedReception | undefined;
  return {
    hear(line) {
      heard = noteReception(heard, line, Date.now());
    },
    async read() {
      const [models, builds] = await Promise.all([readModels(cloud), readBuilds(cloud)]);
      return { model, models, builds, reception: receptionFact(heard, Date.now()) };
    },
  };
}

/** What the session hosts of this cloud have found of WhatsApp's page. */
export function readBuilds(cloud: Tables): Promise<KnownBuild[]> {
  return withTables(cloud, (dynamodb, table) => createKnownBuilds({ dynamodb }, { table }).list());
}

function readModels(cloud: Tables): Promise<OperatorFacts['models']> {
  return withTables(cloud, (dynamodb, table) => createKnownModels({ dynamodb }, { table }).list());
}

async function withTables<T>(
  { servers, tables }: Tables,
  work: (dynamodb: DynamoDBDocumentClient, placements: string) => Promise<T>,
): Promise<T> {
  const client = dynamoDbClient(servers.dynamodb);
  try {
    return await work(DynamoDBDocumentClient.from(client), tables.placements);
  } finally {
    client.destroy();
  }
}

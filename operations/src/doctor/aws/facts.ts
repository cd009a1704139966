import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createKnownBuilds, createKnownModels } from '@top-active/aws';
import type { Check } from '../finding.ts';
import { modelCheck } from '../model.ts';
import { pageBuildsCheck } from '../page-builds.ts';
import type { Inventory } from './inventory.ts';

/** What hosts and the assistant have noted of WhatsApp's page and of the model, beside the placements. */
export function factsChecks(
  config: DynamoDBClientConfig,
  { inventory, environment }: { inventory: Inventory; environment: { openAiModel: string } },
): Check[] {
  const clients = { dynamodb: DynamoDBDocumentClient.from(new DynamoDBClient(config)) };

  async function placementsTable(): Promise<string | undefined> {
    const tables = await inventory.resources('AWS::DynamoDB::Table');
    return tables.find(({ logicalId }) => /^Placements[0-9A-F]{8}$/.test(logicalId))?.physicalId;
  }

  return [
    pageBuildsCheck(async () => {
      const table = await placementsTable();
      return table === undefined ? [] : createKnownBuilds(clients, { table }).list();
    }),
    modelCheck(
      async () => {
        const table = await placementsTable();
        return table === undefined ? [] : createKnownModels(clients, { table }).list();
      },
      { model: environment.openAiModel },
    ),
  ];
}

import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createKnownBuilds, type KnownBuild } from '@top-active/aws';
import type { AppUser } from '../client/index.ts';
import { dynamoDbClient } from '../drill/dynamodb-client.ts';
import type { Stack } from '../stack/index.ts';
import type { Guide } from './guide.ts';
import type { LiveReport } from './report.ts';
import { runLiveCheck } from './run-live-check.ts';

interface Options {
  stack: Stack;
  owner: AppUser;
  guide: Guide;
  versions: LiveReport['versions'];
  patienceMs: number;
  everyMs?: number | undefined;
}

/** All steps on a stack that runs, and what its session host has found of WhatsApp's page meanwhile. */
export async function checkStack({ stack, versions, ...options }: Options): Promise<LiveReport> {
  const steps = await runLiveCheck({ ...options, host: stack.sessionHost });
  return {
    at: new Date().toISOString(),
    against: stack.live ? 'whatsapp' : 'stand-in',
    versions,
    builds: await readBuilds(stack),
    steps,
  };
}

async function readBuilds({ cloud }: Stack): Promise<KnownBuild[]> {
  const client = dynamoDbClient(cloud.servers.dynamodb);
  try {
    const dynamodb = DynamoDBDocumentClient.from(client);
    return await createKnownBuilds({ dynamodb }, { table: cloud.tables.placements }).list();
  } finally {
    client.destroy();
  }
}

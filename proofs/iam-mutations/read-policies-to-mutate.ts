import { tableDefinitions } from '@top-active/aws/table-definitions';
import { loadTemplates, readDeployment, type Deployment } from '@top-active/cloud/iam';

/** Ids that the embedded cloud makes up, in recorded accesses and in the policies they are held against. */
export const fixedIds = {
  secretsKey: '22222222-2222-4222-8222-222222222222',
  userPool: 'us-east-1_000000000',
  userPoolClient: 'client0000000000',
  stream: 'arn:aws:dynamodb:us-east-1:000000000000:table/items/stream/2026-01-01T00:00:00.000',
} as const;

/** The synthesized policies, with the names that things have on the laptop and ids that are always the same. */
export async function readPoliciesToMutate(): Promise<Deployment> {
  const tables = Object.entries(tableDefinitions).map(([name, { environment, stream }]) => [
    environment,
    { name, ...(stream && { attributes: { StreamArn: fixedIds.stream } }) },
  ]);
  return readDeployment(await loadTemplates('dev'), {
    ...Object.fromEntries(tables),
    KMS_KEY_ID: { name: fixedIds.secretsKey },
    USER_POOL_ID: { name: fixedIds.userPool },
    USER_POOL_CLIENT_ID: { name: fixedIds.userPoolClient },
    ASSISTANT_QUEUE_URL: { name: 'assistant.fifo' },
  });
}

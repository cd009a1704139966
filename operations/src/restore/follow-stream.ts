import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import { setTimeout as pause } from 'node:timers/promises';
import { mappingsOfTable } from '../doctor/aws/streams.ts';
import { copyMapping } from './copy-mapping.ts';

export interface FollowStreamOptions {
  client: LambdaClient;
  /** ARN of the table that was made anew. */
  tableArn: string;
  /** ARN of the stream that it has now. */
  streamArn: string;
  onStep: (text: string) => void;
  /** Between two looks at a mapping that is being made or changed. */
  everySeconds?: number | undefined;
}

/** Lambda makes and changes mappings within a minute or two. */
const patienceSeconds = 600;

/**
 * Makes every function that reads a table's stream read the stream that the table has now. The stream of a mapping
 * can't be changed. So a mapping with the same settings is created, which reads from the stream's beginning, and then
 * the old one is deleted. An interrupted run continues when this is called again.
 * @returns ids of the mappings on the stream
 * @throws Error when no mapping has ever read a stream of the table: then its settings are unknown
 */
export async function followStream(options: FollowStreamOptions): Promise<string[]> {
  const { client, tableArn, streamArn, onStep, everySeconds = 5 } = options;
  const mappings = await mappingsOfTable(client, tableArn);
  const current = mappings.filter(({ EventSourceArn }) => EventSourceArn === streamArn);
  const old = mappings.filter(({ EventSourceArn }) => EventSourceArn !== streamArn);
  if (mappings.length === 0)
    throw new Error(
      `No function reads a stream of ${tableArn}. Set itemsStream to ${streamArn} in infra/src/environments.ts, and deploy the stack workers: it creates the mapping`,
    );
  for (const mapping of old) {
    if (!current.some(({ FunctionArn }) => FunctionArn === mapping.FunctionArn)) {
      const made = await client.send(
        new CreateEventSourceMappingCommand(await copyMapping(client, { mapping, streamArn })),
      );
      current.push(made);
      onStep(`${mapping.FunctionArn}: mapping ${made.UUID} created on ${streamArn}`);
    }
  }
  const ids = current.flatMap(({ UUID }) => UUID ?? []);
  for (const id of ids)
    await within(() => isEnabled(client, id), { what: `The mapping ${id} is not enabled`, everySeconds });
  for (const { UUID = '' } of old) {
    await within(() => isDeleted(client, UUID), { what: `The mapping ${UUID} can't be deleted`, everySeconds });
    onStep(`mapping ${UUID} on the old stream deleted`);
  }
  return ids;
}

async function isEnabled(client: LambdaClient, UUID: string): Promise<boolean> {
  return (await client.send(new GetEventSourceMappingCommand({ UUID }))).State === 'Enabled';
}

async function isDeleted(client: LambdaClient, UUID: string): Promise<boolean> {
  try {
    await client.send(new DeleteEventSourceMappingCommand({ UUID }));
    return true;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return true;
    // It is being changed at this moment.
    if (error instanceof ResourceInUseException) return false;
    throw error;
  }
}

/** @throws Error when it isn't so in time */
async function within(
  look: () => Promise<boolean>,
  { what, everySeconds }: { what: string; everySeconds: number },
): Promise<void> {
  const deadline = performance.now() + patienceSeconds * 1000;
  while (!(await look())) {
    if (performance.now() > deadline)
      throw new Error(`${what} after ${patienceSeconds} s. Look at the mapping in Lambda, then run the restore again`);
    await pause(everySeconds * 1000);
  }
}

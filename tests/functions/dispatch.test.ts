import { randomUUID } from 'node:crypto';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { createClients, type AwsClients } from '@top-active/aws';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startLambdasFixture, type LambdasFixture } from '../support/lambdas-fixture.ts';

let fixture: LambdasFixture;
let clients: AwsClients;
beforeAll(async () => {
  fixture = await startLambdasFixture();
  clients = createClients();
});
afterAll(async () => {
  clients.close();
  await fixture.close();
});

const chatId = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

/** A chat whose customer has written, as the stream of the table tells it. */
function change(userId: string, messageId: string) {
  return {
    eventName: 'MODIFY',
    dynamodb: {
      SequenceNumber: `of ${messageId}`,
      NewImage: {
        pk: { S: `USER#${userId}` },
        sk: { S: `CHAT#${chatId}` },
        id: { S: chatId },
        assistantMode: { S: 'suggest' },
        isGroup: { BOOL: false },
        lastInboundId: { S: messageId },
      },
    },
  };
}

async function jobs(): Promise<unknown[]> {
  const { Messages = [] } = await clients.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: fixture.cloud.assistantQueue.url,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 1,
    }),
  );
  return Messages.map(({ Body = '' }) => JSON.parse(Body) as unknown);
}

it('puts a job for each customer who waits into the queue of the assistant, once', async () => {
  const [userId, messageId] = [randomUUID(), '1764000000000-3A01'];
  const Records = [change(userId, messageId), change(userId, messageId)];
  expect(await fixture.invoke('dispatch', { Records })).toEqual({ batchItemFailures: [] });
  expect(await jobs()).toEqual([{ type: 'suggest', userId, chatId, messageId }]);
});

it('begins again with the first change that cannot be handed on', async () => {
  const userId = randomUUID();
  const good = change(userId, '1764000000001-3A01');
  const broken = change('nobody', '1764000000002-3A02');
  const late = change(userId, '1764000000003-3A03');
  expect(await fixture.invoke('dispatch', { Records: [good, broken, late] })).toEqual({
    batchItemFailures: [{ itemIdentifier: 'of 1764000000002-3A02' }],
  });
  expect(await jobs()).toMatchObject([{ userId, messageId: '1764000000001-3A01' }]);
});

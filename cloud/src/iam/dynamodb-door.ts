import { z } from 'zod';
import { AwsError, readCredentials } from '../wire/index.ts';
import type { Authorizer } from './authorizer.ts';
import { createAuthorizingProxy, type AuthorizingProxy } from './authorizing-proxy.ts';
import { dynamoDbAccesses, streamAccesses, type TableFacts } from './dynamodb-accesses.ts';
import { parseBody, refuseAsJson, targetOf, withinShape } from './json-requests.ts';

const iteratorSchema = z.object({ ShardIterator: z.string().optional(), NextShardIterator: z.string().optional() });
const keptIterators = 10_000;

/** The door in front of DynamoDB and its streams. */
export async function createDynamoDbDoor({
  target,
  authorizer,
  facts,
  onError,
}: {
  target: string;
  authorizer: Authorizer;
  /** Read at each request: tables are there before their policies are. */
  facts: () => TableFacts;
  onError: (error: unknown) => void;
}): Promise<AuthorizingProxy> {
  // In AWS an iterator carries its stream; here we remember which stream we saw it come from.
  const streams = new Map<string, string>();

  function remember(request: string, answer: Buffer): void {
    const { StreamArn, ShardIterator: asked } = z
      .looseObject({ StreamArn: z.string().optional(), ShardIterator: z.string().optional() })
      .parse(JSON.parse(request));
    const stream = StreamArn ?? (asked === undefined ? undefined : streams.get(asked));
    const given = iteratorSchema.safeParse(JSON.parse(answer.toString()));
    const next = given.data?.ShardIterator ?? given.data?.NextShardIterator;
    if (stream === undefined || next === undefined) return;
    if (streams.size >= keptIterators) streams.delete(streams.keys().next().value ?? '');
    streams.set(next, stream);
  }

  const bodies = new WeakMap<object, string>();
  return createAuthorizingProxy({
    target,
    what: 'DynamoDB',
    needsBody: () => true,
    async authorize(request, body) {
      const { service, operation } = targetOf(request);
      const credentials = readCredentials(request.headers);
      const text = body.toString();
      const input = parseBody(text);
      if (service.startsWith('DynamoDBStreams_')) bodies.set(request, text);
      const accesses = withinShape(() => {
        if (service === 'DynamoDB_20120810') return dynamoDbAccesses(operation, input, facts());
        if (service === 'DynamoDBStreams_20120810')
          return streamAccesses(operation, input, { ...facts(), streamOf: (iterator) => streams.get(iterator) });
        throw new AwsError({ code: 'UnknownOperationException', message: 'No operation of DynamoDB.' });
      });
      await authorizer.check({ service: 'dynamodb', credentials, accesses, bytes: body.length });
    },
    refuse: refuseAsJson,
    wantsAnswer: (request) => /\.Get(ShardIterator|Records)$/.test(String(request.headers['x-amz-target'])),
    onAnswer: (request, answer) => remember(bodies.get(request) ?? '{}', answer),
    onError,
  });
}

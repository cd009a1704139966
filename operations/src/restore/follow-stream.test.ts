import { afterEach, describe, expect, it } from 'vitest';
import { followStream } from './follow-stream.ts';
import { breakOffAfter } from './test-support/break-off.ts';
import { startMappingService, type FakeMapping } from './test-support/mapping-service.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const tableArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/items';
const [before, now] = [`${tableArn}/stream/2026-01-01T00:00:00.000`, `${tableArn}/stream/2026-11-25T04:05:06.789`];
const dispatch = 'arn:aws:lambda:us-east-1:000000000000:function:top-active-dev-workers-Dispatch';
const oldArn = 'arn:aws:lambda:us-east-1:000000000000:event-source-mapping:old';
/** All that a stream's mapping can be told, none of it as it is by default. */
const settings = {
  BatchSize: 25,
  MaximumBatchingWindowInSeconds: 1,
  ParallelizationFactor: 10,
  TumblingWindowInSeconds: 2,
  MaximumRecordAgeInSeconds: 3600,
  MaximumRetryAttempts: 10,
  BisectBatchOnFunctionError: true,
  FunctionResponseTypes: ['ReportBatchItemFailures'],
  FilterCriteria: { Filters: [{ Pattern: '{"dynamodb":{"NewImage":{"sk":{"S":[{"prefix":"CHAT#"}]}}}}' }] },
  MetricsConfig: { Metrics: ['EventCount'] },
  DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:000000000000:dead-letters' } },
};
const old: FakeMapping = {
  ...settings,
  DestinationConfig: { OnSuccess: {}, ...settings.DestinationConfig },
  UUID: 'old',
  EventSourceMappingArn: oldArn,
  EventSourceArn: before,
  FunctionArn: dispatch,
  StartingPosition: 'TRIM_HORIZON',
  State: 'Disabled',
  LastProcessingResult: 'PROBLEM: the stream is gone',
};
const others: FakeMapping[] = [
  {
    UUID: 'queue',
    EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:jobs',
    FunctionArn: 'assistant',
    State: 'Enabled',
  },
  {
    UUID: 'neighbour',
    EventSourceArn: `${tableArn}-at-20261125030000/stream/2026-01-01T00:00:00.000`,
    FunctionArn: dispatch,
    State: 'Enabled',
  },
];

async function startService(mappings: readonly FakeMapping[] = [old, ...others]) {
  const service = await startMappingService({ streams: [now] });
  closing.push(service.close);
  for (const mapping of mappings) service.mappings.set(mapping.UUID, structuredClone(mapping));
  service.tagsOf.set(oldArn, { project: 'top-active-whatsapp', 'aws:cloudformation:stack-name': 'workers' });
  return service;
}

type Service = Awaited<ReturnType<typeof startService>>;

async function follow(service: Service, killAfter?: number): Promise<string[] | 'broken off'> {
  const client = service.createClient();
  closing.push(() => client.destroy());
  const broken = killAfter && breakOffAfter(client, killAfter);
  const done = followStream({ client, tableArn, streamArn: now, onStep: () => undefined, everySeconds: 0.001 });
  return broken ? Promise.race([done, broken]) : done;
}

/** Those on the table's streams, old and new. */
function left({ mappings }: Service): FakeMapping[] {
  return [...mappings.values()].filter(
    ({ EventSourceArn, State }) => EventSourceArn.startsWith(`${tableArn}/`) && State !== 'Deleting',
  );
}

describe('leading functions to the stream of a table that was made anew', () => {
  it('makes the mapping once more on it, with all its settings, from the beginning', async () => {
    const service = await startService();
    const ids = await follow(service);
    const [made, ...more] = left(service);
    expect(more).toEqual([]);
    expect(ids).toEqual([made?.UUID]);
    expect(made).toEqual({
      ...settings,
      UUID: made?.UUID,
      EventSourceMappingArn: made?.EventSourceMappingArn,
      EventSourceArn: now,
      FunctionArn: dispatch,
      StartingPosition: 'TRIM_HORIZON',
      State: 'Enabled',
    });
    expect(service.tagsOf.get(made?.EventSourceMappingArn ?? '')).toEqual({ project: 'top-active-whatsapp' });
  });

  it('leaves the mappings of other sources alone', async () => {
    const service = await startService();
    await follow(service);
    for (const other of others) expect(service.mappings.get(other.UUID)).toEqual(other);
  });

  it('deletes the old one only once the new one is at work', async () => {
    const { calls, ...service } = await startService();
    await follow({ calls, ...service });
    expect(calls.indexOf('POST mapping')).toBeLessThan(calls.indexOf('DELETE mapping'));
    expect(calls.lastIndexOf('GET mapping')).toBeGreaterThan(calls.indexOf('POST mapping'));
    expect(calls.lastIndexOf('GET mapping')).toBeLessThan(calls.indexOf('DELETE mapping'));
  });

  it('leads two functions', async () => {
    const second = { ...old, UUID: 'second', FunctionArn: `${dispatch}2` };
    const service = await startService([old, second]);
    expect(await follow(service)).toHaveLength(2);
    expect(left(service).map(({ FunctionArn, EventSourceArn }) => [FunctionArn, EventSourceArn])).toEqual([
      [dispatch, now],
      [`${dispatch}2`, now],
    ]);
  });

  it('waits for an old one that is being changed', async () => {
    const service = await startService([{ ...old, State: 'Updating' }]);
    await follow(service);
    expect(left(service)).toMatchObject([{ EventSourceArn: now }]);
  });

  it('has nothing to do where the mapping is on the stream already', async () => {
    const service = await startService([{ ...old, EventSourceArn: now, State: 'Enabled' }]);
    expect(await follow(service)).toEqual(['old']);
    expect(service.calls.filter((call) => !call.startsWith('GET'))).toEqual([]);
  });

  it('says what to do where nothing tells how the mapping was', async () => {
    await expect(follow(await startService(others))).rejects.toThrow(`Set itemsStream to ${now}`);
  });

  it('goes on after it was broken off at any of its calls', async () => {
    let call = 1;
    for (; ; call += 1) {
      const service = await startService();
      if ((await follow(service, call)) !== 'broken off') break;
      const ids = await follow(service);
      expect(left(service), `call ${call}: ${service.calls[call - 1]}`).toMatchObject([
        { ...settings, UUID: ids[0], EventSourceArn: now, State: 'Enabled' },
      ]);
    }
    expect(call).toBeGreaterThan(5);
  });
});

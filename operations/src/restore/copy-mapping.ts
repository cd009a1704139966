import {
  ListTagsCommand,
  type CreateEventSourceMappingRequest,
  type EventSourceMappingConfiguration,
  type LambdaClient,
} from '@aws-sdk/client-lambda';

/**
 * How to make a mapping like this one, on another stream. Those of a table's stream only: queues and brokers have more
 * settings.
 */
export async function copyMapping(
  client: LambdaClient,
  { mapping, streamArn }: { mapping: EventSourceMappingConfiguration; streamArn: string },
): Promise<CreateEventSourceMappingRequest> {
  const { UUID, DestinationConfig, FilterCriteriaError } = mapping;
  // Filters that only the owner of a key can read.
  if (FilterCriteriaError)
    throw new Error(`The filters of the mapping ${UUID} can't be read: ${FilterCriteriaError.Message}`);
  return {
    EventSourceArn: streamArn,
    FunctionName: mapping.FunctionArn,
    // One whose stream is gone may have been disabled by Lambda.
    Enabled: true,
    StartingPosition: 'TRIM_HORIZON',
    BatchSize: mapping.BatchSize,
    MaximumBatchingWindowInSeconds: mapping.MaximumBatchingWindowInSeconds,
    ParallelizationFactor: mapping.ParallelizationFactor,
    TumblingWindowInSeconds: mapping.TumblingWindowInSeconds,
    MaximumRecordAgeInSeconds: mapping.MaximumRecordAgeInSeconds,
    MaximumRetryAttempts: mapping.MaximumRetryAttempts,
    BisectBatchOnFunctionError: mapping.BisectBatchOnFunctionError,
    FunctionResponseTypes: mapping.FunctionResponseTypes,
    FilterCriteria: mapping.FilterCriteria,
    KMSKeyArn: mapping.KMSKeyArn,
    MetricsConfig: mapping.MetricsConfig,
    DestinationConfig: DestinationConfig?.OnFailure && { OnFailure: DestinationConfig.OnFailure },
    Tags: await tagsOf(client, mapping),
  };
}

/** Without CloudFormation's own, which nobody else may set. */
async function tagsOf(
  client: LambdaClient,
  { EventSourceMappingArn }: EventSourceMappingConfiguration,
): Promise<Record<string, string> | undefined> {
  if (!EventSourceMappingArn) return undefined;
  const { Tags = {} } = await client.send(new ListTagsCommand({ Resource: EventSourceMappingArn }));
  return Object.fromEntries(Object.entries(Tags).filter(([key]) => !key.startsWith('aws:')));
}

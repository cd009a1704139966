import { askForCapacity, dynamoDbUsage } from './dynamodb-usage.ts';
import {
  startMeteredEndpoint,
  type Exchange,
  type MeteredEndpoint,
  type MeteredEndpointOptions,
} from './metered-endpoint.ts';
import { createMeter, type Meter, type Usage } from './meter.ts';
import { managementUsage, plainUsage, sqsUsage } from './service-usage.ts';

export type MeteredService = 'dynamodb' | 'sqs' | 'kms' | 'sts' | 'cognito' | 'websocket';

export interface CloudMeter extends Meter {
  /** An address that counts what goes to the emulator behind it. */
  inFrontOf(service: MeteredService, target: string): Promise<string>;
  close(): Promise<void>;
}

const readings: Record<MeteredService, (exchange: Exchange) => Usage[]> = {
  dynamodb: dynamoDbUsage,
  sqs: sqsUsage,
  kms: plainUsage('kms'),
  sts: plainUsage('sts'),
  cognito: plainUsage('cognito'),
  websocket: managementUsage,
};

/** Counts what a whole embedded cloud is asked for. */
export function createCloudMeter(): CloudMeter {
  const meter = createMeter();
  const opened: MeteredEndpoint[] = [];
  return {
    ...meter,
    async inFrontOf(service, target) {
      const options: MeteredEndpointOptions = {
        target,
        observe: (exchange) => {
          for (const usage of readings[service](exchange)) meter.count(usage);
        },
        ...(service === 'dynamodb' && { prepare: askForCapacity }),
      };
      const made = await startMeteredEndpoint(options);
      opened.push(made);
      return made.endpoint;
    },
    async close() {
      await Promise.all(opened.map((endpoint) => endpoint.close()));
    },
  };
}

import { startFauxqs } from 'fauxqs';

export interface QueueOptions {
  /** Without `.fifo`, which is added to FIFO queues and their dead-letter queues. */
  name: string;
  fifo?: boolean | undefined;
  /** Seconds. */
  visibilityTimeout?: number | undefined;
  /** Receives before a message goes to `<name>-dead-letters`. Absent: no dead-letter queue. */
  maxReceiveCount?: number | undefined;
}

export interface EnsuredQueue {
  url: string;
  arn: string;
  deadLetterUrl: string | undefined;
}

export interface SqsS3 {
  /** Both services answer at one address. */
  endpoint: string;
  /** Creates the queue and its dead-letter queue, or answers the ones that are there. */
  ensureQueue(options: QueueOptions): EnsuredQueue;
  ensureBucket(name: string): void;
  close(): Promise<void>;
}

const account = '000000000000';
const region = 'us-east-1';

/** SQS and S3 on this machine (fauxqs, in this process), their state in `dir`. */
export async function startSqsS3({ dir, port = 0 }: { dir: string; port?: number | undefined }): Promise<SqsS3> {
  const server = await startFauxqs({ port, host: '127.0.0.1', logger: false, dataDir: dir, defaultRegion: region });
  const endpoint = `http://127.0.0.1:${server.port}`;

  // Answered URLs are made from the present port: the one that the state remembers may be of an earlier run.
  function ensure(name: string, attributes: Record<string, string>): { url: string; arn: string } {
    // Creating a queue that exists would empty it.
    if (!server.inspectQueue(name)) server.createQueue(name, { attributes });
    return { url: `${endpoint}/${account}/${name}`, arn: `arn:aws:sqs:${region}:${account}:${name}` };
  }

  return {
    endpoint,
    ensureQueue({ name, fifo = false, visibilityTimeout, maxReceiveCount }) {
      const suffix = fifo ? '.fifo' : '';
      const kind: Record<string, string> = fifo ? { FifoQueue: 'true' } : {};
      const deadLetters = maxReceiveCount ? ensure(`${name}-dead-letters${suffix}`, kind) : undefined;
      const queue = ensure(`${name}${suffix}`, {
        ...kind,
        ...(visibilityTimeout && { VisibilityTimeout: String(visibilityTimeout) }),
        ...(deadLetters && {
          RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount }),
        }),
      });
      return { ...queue, deadLetterUrl: deadLetters?.url };
    },
    ensureBucket(name) {
      server.createBucket(name);
    },
    close: () => server.stop(),
  };
}

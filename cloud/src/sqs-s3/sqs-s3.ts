import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { buildApp } from 'fauxqs';
import { isOwnName, PortTakenError, ServiceStartError } from '../loopback/index.ts';
import { localAccountId, localRegion } from '../wire/index.ts';
import { loadFauxqsInternals, type FauxqsPersistence, type FauxqsStores } from './fauxqs-internals.ts';
import { returnUndelivered } from './return-undelivered.ts';
import { keepTraceHeaders } from './trace-headers.ts';

export interface QueueOptions {
  /** Without `.fifo`, which is added to FIFO queues and their dead-letter queues. */
  name: string;
  fifo?: boolean | undefined;
  /** Seconds; 30 by default, as in AWS. */
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
  /** Both services answer at one address. S3 clients need `forcePathStyle`. */
  endpoint: string;
  /** Creates the queue and its dead-letter queue, or brings the ones that are there to these settings. */
  ensureQueue(options: QueueOptions): EnsuredQueue;
  ensureBucket(name: string): void;
  close(): Promise<void>;
}

const file = 'fauxqs.db';

/**
 * SQS and S3 on this machine (fauxqs, in this process), their state in `dir`. Messages, receives and objects survive a
 * kill; the memory of FIFO deduplication (5 min) does not.
 * @throws PortTakenError; ServiceStartError when the state is damaged.
 */
export async function startSqsS3({
  dir,
  port = 0,
  doorKey,
}: {
  dir: string;
  port?: number | undefined;
  /** Answers only requests with this `x-door-key`: those that a door in front has let through. */
  doorKey?: string | undefined;
}): Promise<SqsS3> {
  const { SqsStore, SnsStore, S3Store, PersistenceManager } = await loadFauxqsInternals();
  const stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
  const persistence = openState(() => new PersistenceManager(dir), stores, dir);
  const repair = repairPersistence(persistence, dir);
  const app = buildApp({ logger: false, host: '127.0.0.1', defaultRegion: localRegion, stores });
  returnUndelivered(app, stores.sqsStore);
  keepTraceHeaders(app);
  app.addHook('onRequest', async ({ headers }, reply) => {
    if (!isOwnName(headers.host) || (doorKey !== undefined && headers['x-door-key'] !== doorKey))
      await reply.code(403).send();
  });

  async function close(): Promise<void> {
    await app.close();
    repair.close();
    persistence.close();
  }

  try {
    await app.listen({ port, host: '127.0.0.1' });
  } catch (cause) {
    await close();
    const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    throw taken ? new PortTakenError({ port, what: 'SQS and S3', cause }) : cause;
  }
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('SQS and S3 listen on no port.');
  const endpoint = `http://127.0.0.1:${address.port}`;

  function ensure(name: string, attributes: Record<string, string>): { url: string; arn: string } {
    // The port may be another than in an earlier run, and is no part of the name.
    const url = `${endpoint}/${localAccountId}/${name}`;
    const arn = `arn:aws:sqs:${localRegion}:${localAccountId}:${name}`;
    const existing = stores.sqsStore.getQueueByName(name);
    if (!existing) stores.sqsStore.createQueue(name, url, arn, attributes);
    else if (Object.entries(attributes).some(([key, value]) => existing.attributes[key] !== value))
      existing.setAttributes(attributes);
    return { url, arn };
  }

  return {
    endpoint,
    ensureQueue({ name, fifo = false, visibilityTimeout = 30, maxReceiveCount }) {
      const suffix = fifo ? '.fifo' : '';
      const kind: Record<string, string> = fifo ? { FifoQueue: 'true' } : {};
      const deadLetters = maxReceiveCount ? ensure(`${name}-dead-letters${suffix}`, kind) : undefined;
      const queue = ensure(`${name}${suffix}`, {
        ...kind,
        VisibilityTimeout: String(visibilityTimeout),
        ...(deadLetters && {
          RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount }),
        }),
      });
      return { ...queue, deadLetterUrl: deadLetters?.url };
    },
    ensureBucket(name) {
      stores.s3Store.createBucket(name);
    },
    close,
  };
}

function openState(open: () => FauxqsPersistence, stores: FauxqsStores, dir: string): FauxqsPersistence {
  const { sqsStore, snsStore, s3Store } = stores;
  try {
    const persistence = open();
    persistence.load(sqsStore, snsStore, s3Store);
    // Only now: what is loaded must not be written again.
    for (const part of [sqsStore, snsStore, s3Store, ...sqsStore.allQueues()]) Object.assign(part, { persistence });
    return persistence;
  } catch (cause) {
    throw new ServiceStartError({
      problem: `The state of SQS and S3 in ${join(dir, file)} cannot be read.`,
      remedy: 'Start over with: npm start -- --fresh (this deletes what was linked and stored locally).',
      cause,
    });
  }
}

/**
 * fauxqs 2.4.1 cannot make a message visible again at once (ChangeMessageVisibility to 0): its statement sets the
 * count of receives, which may not be null, to null.
 */
function repairPersistence(persistence: FauxqsPersistence, dir: string): { close(): void } {
  const db = new DatabaseSync(join(dir, file));
  db.exec('PRAGMA busy_timeout = 5000');
  const makeReady = db.prepare(
    'UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?',
  );
  persistence.updateMessageReady = (messageId) => {
    makeReady.run(messageId);
  };
  return { close: () => db.close() };
}

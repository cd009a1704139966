export { startSqsS3, type EnsuredQueue, type QueueOptions, type SqsS3 } from './sqs-s3.ts';

/** One message of a FIFO queue, as Lambda gets it. */
export function sqsEvent(body: object | string, attempt = 1) {
  return {
    Records: [
      {
        messageId: 'm1',
        receiptHandle: 'r',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        attributes: {
          ApproximateReceiveCount: String(attempt),
          ApproximateFirstReceiveTimestamp: '0',
          SenderId: 'x',
          SentTimestamp: '0',
          MessageGroupId: 'group',
        },
        messageAttributes: {},
        md5OfBody: '',
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn',
        awsRegion: 'us-east-1',
      },
    ],
  };
}

/** The function is done with the message. */
export const acknowledged = { batchItemFailures: [] };
/** It is to be delivered again. */
export const again = { batchItemFailures: [{ itemIdentifier: 'm1' }] };

/** DynamoDB could not be started; the message says why and the remedy what to do. */
export class DynamoDbError extends Error {
  override readonly name = 'DynamoDbError';
  readonly remedy: string;

  constructor(problem: string, remedy: string, cause?: unknown) {
    super(problem, { cause });
    this.remedy = remedy;
  }
}

export interface AwsErrorOptions {
  /** Error name as the service's API reference writes it; the SDK shows it as `error.name`. */
  code: string;
  message: string;
  /** HTTP status, 400 by default. */
  status?: number | undefined;
  cause?: unknown;
}

/** A refusal of an emulated service, put on the wire in the service's own error shape. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly status: number;

  constructor(options: AwsErrorOptions) {
    super(options.message, { cause: options.cause });
    this.code = options.code;
    this.status = options.status ?? 400;
  }
}

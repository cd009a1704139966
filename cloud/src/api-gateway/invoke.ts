/** Calls a Lambda function by its name. Rejects when the function fails. */
export type InvokeFunction = (functionName: string, event: unknown) => Promise<unknown>;

/** The integration did not answer in time. */
export class IntegrationTimeout extends Error {
  override readonly name = 'IntegrationTimeout';
}

/** Waits for an integration for as long as API Gateway would; what answers later answers nobody. */
export async function withinTimeout<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new IntegrationTimeout(`No answer within ${timeoutMs} ms`)), timeoutMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

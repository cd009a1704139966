import { metrics } from './metrics.ts';

export type WatchedService = 'dynamodb' | 'kms' | 'sqs' | 'sts' | 'cognito' | 'other';

/** The part of an SDK client that we need; the services' own types differ in their commands. */
interface Watchable {
  middlewareStack: {
    addRelativeTo: (
      middleware: <A, R>(next: (args: A) => Promise<R>) => (args: A) => Promise<R>,
      options: { name: string; relation: 'before'; toMiddleware: string; override: boolean },
    ) => void;
  };
}

/**
 * Counts calls that AWS services throttle or refuse, each try: the SDK's own retries hide most of them from its
 * callers.
 */
export function watchCalls<C extends object>(client: C & Watchable, service: WatchedService): C {
  client.middlewareStack.addRelativeTo(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        countFailure(service, error);
        throw error;
      }
    },
    { name: 'watchCalls', relation: 'before', toMiddleware: 'deserializerMiddleware', override: true },
  );
  return client;
}

const throttled = /thrott|TooManyRequests|ThroughputExceeded|RequestLimitExceeded|SlowDown/i;

function countFailure(service: WatchedService, error: unknown): void {
  if (!(error instanceof Error)) return;
  const isThrottle = throttled.test(error.name) || isThrottledTransaction(error);
  if (isThrottle) metrics.emit('AwsThrottles');
  else if (service === 'kms') metrics.emit('KeyFailures');
  if (service === 'cognito' && (isThrottle || isIdentityFailure(error))) metrics.emit('IdentityFailures');
}

/** DynamoDB cancels a transaction for the throttling of one of its items, and says so in the reasons only. */
function isThrottledTransaction(error: Error): boolean {
  if (!('CancellationReasons' in error) || !Array.isArray(error.CancellationReasons)) return false;
  return error.CancellationReasons.some((reason: unknown) => /"Code":"Thrott/.test(JSON.stringify(reason)));
}

/** Not what a wrong password or code gets. */
function isIdentityFailure(error: Error): boolean {
  const isServers = '$fault' in error && error.$fault === 'server';
  // The refusal of our own app client has the name of a wrong password's.
  if (/NotAuthorized|Unauthorized/.test(error.name)) return /secret/i.test(error.message);
  return isServers || /CodeDelivery|InternalError|InvalidEmailRole|LimitExceeded|Lambda/.test(error.name);
}

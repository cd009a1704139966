import type { IncomingHttpHeaders } from 'node:http';

/**
 * Name of the operation in AWS's JSON protocol (`X-Amz-Target: Service.Operation`) or query protocol
 * (`Action=Operation`).
 */
export function actionOf(headers: IncomingHttpHeaders, body: string): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.slice(target.indexOf('.') + 1);
  return new URLSearchParams(body).get('Action') ?? 'unknown';
}

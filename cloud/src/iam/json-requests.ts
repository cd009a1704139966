import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { AwsError } from '../wire/index.ts';

/** Service and operation of the awsJson protocols. */
export function targetOf({ headers }: IncomingMessage): { service: string; operation: string } {
  const [service = '', operation = ''] = String(headers['x-amz-target'] ?? '').split('.');
  return { service, operation };
}

/** @throws AwsError SerializationException */
export function parseBody(text: string): unknown {
  try {
    return JSON.parse(text || '{}');
  } catch (cause) {
    throw new AwsError({ code: 'SerializationException', message: 'The body is not JSON.', cause });
  }
}

/** A request whose shape we don't know is one the service would refuse too. @throws AwsError ValidationException */
export function withinShape<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    throw new AwsError({ code: 'ValidationException', message: z.prettifyError(error), cause: error });
  }
}

export function refuseAsJson({ code, message }: AwsError): { contentType: string; body: string } {
  return {
    contentType: 'application/x-amz-json-1.0',
    body: JSON.stringify({ __type: code, message, Message: message }),
  };
}

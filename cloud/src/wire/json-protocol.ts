import { randomUUID } from 'node:crypto';
import { AwsError } from './aws-error.ts';
import { readCredentials } from './credentials.ts';
import type { Operation } from './operation.ts';
import type { WireRequest, WireResponse } from './server.ts';

export interface JsonProtocolOptions {
  /** `TrentService` in `X-Amz-Target: TrentService.Decrypt`. */
  target: string;
  operations: Record<string, Operation>;
  onError: (error: unknown) => void;
}

/** awsJson1_1: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
export function createJsonProtocol(options: JsonProtocolOptions): (request: WireRequest) => Promise<WireResponse> {
  return async (request) => {
    try {
      const operation = findOperation(options, String(request.headers['x-amz-target'] ?? ''));
      return response(200, await operation(parse(request.body), readCredentials(request.headers)));
    } catch (error) {
      if (error instanceof AwsError) return response(error.status, { __type: error.code, message: error.message });
      options.onError(error);
      return response(500, { __type: 'InternalFailure', message: 'The emulator failed.' });
    }
  };
}

function findOperation({ target, operations }: JsonProtocolOptions, header: string): Operation {
  const [service, name = ''] = header.split('.');
  const operation = service === target && Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation === undefined) {
    throw new AwsError({ code: 'UnknownOperationException', message: `Not emulated: ${header || 'no X-Amz-Target'}` });
  }
  return operation;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body || '{}');
  } catch (cause) {
    throw new AwsError({ code: 'SerializationException', message: 'The body is not JSON.', cause });
  }
}

function response(status: number, document: object): WireResponse {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() },
    body: JSON.stringify(document),
  };
}

/** Timestamps of awsJson1_1: Unix time in seconds, with milliseconds as fraction. */
export function epochSeconds(milliseconds: number): number {
  return milliseconds / 1000;
}

import type { z } from 'zod';
import type { AwsError } from './aws-error.ts';
import type { Credentials } from './credentials.ts';

/** One thing IAM must allow before an operation runs. */
export interface Access {
  /** `kms:Decrypt` */
  action: string;
  /** ARN, or `*` where the action knows no resource. */
  resource: string;
  /** Condition keys of the request: `kms:EncryptionContext:userId`, `aws:RequestTag/userId`, … */
  context?: Record<string, string | string[]> | undefined;
}

export interface AuthorizationRequest {
  service: string;
  action: string;
  resource: string;
  context: Record<string, string | string[]>;
  credentials: Credentials;
}

/** Throws an AwsError (AccessDeniedException, ExpiredTokenException, …) when the caller may not. */
export type Authorize = (request: AuthorizationRequest) => void | Promise<void>;

interface OperationDefinition<Schema extends z.ZodType> {
  input: Schema;
  /** `public` where AWS documents that it doesn't evaluate IAM policies for the operation. */
  access: 'public' | ((input: z.output<Schema>, credentials: Credentials) => Access[]);
  /** Called with credentials unless the operation is public. Returns the response document. */
  run: (input: z.output<Schema>, credentials: Credentials) => object | Promise<object>;
}

/** An operation as a protocol calls it: raw input in, response document out. */
export type Operation = (payload: unknown, credentials: Credentials | undefined) => Promise<object>;

interface OperationFactoryOptions {
  service: string;
  authorize?: Authorize | undefined;
  /** The service's own error for input that doesn't fit its model. */
  invalidInput: (error: z.ZodError) => AwsError;
  missingCredentials: AwsError;
}

export type DefineOperation = <Schema extends z.ZodType>(definition: OperationDefinition<Schema>) => Operation;

const anonymous: Credentials = { accessKeyId: 'anonymous' };

/** Every operation passes through here, so that none can run without being authorized. */
export function createOperationFactory(options: OperationFactoryOptions): DefineOperation {
  return (definition) => async (payload, credentials) => {
    if (definition.access !== 'public' && credentials === undefined) throw options.missingCredentials;
    const parsed = definition.input.safeParse(payload);
    if (!parsed.success) throw options.invalidInput(parsed.error);
    const caller = credentials ?? anonymous;
    if (definition.access !== 'public') {
      for (const { action, resource, context } of definition.access(parsed.data, caller)) {
        await options.authorize?.({
          service: options.service,
          action,
          resource,
          context: context ?? {},
          credentials: caller,
        });
      }
    }
    return definition.run(parsed.data, caller);
  };
}

/** `1 validation error detected: Value at 'keyId' failed to satisfy constraint: …`, as AWS words it. */
export function describeInvalidInput(error: z.ZodError): string {
  const problems = error.issues.map(({ path, message }) => {
    const [first, ...rest] = path.map(String);
    const at = [first === undefined ? 'request' : first.charAt(0).toLowerCase() + first.slice(1), ...rest].join('.');
    return `Value at '${at}' failed to satisfy constraint: ${message}`;
  });
  return `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected: ${problems.join('; ')}`;
}

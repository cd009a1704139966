import { AwsError } from '../wire/aws-error.ts';
import { warnOfError, type Emulator, type EmulatorOptions } from '../wire/emulator.ts';
import { createJsonProtocol } from '../wire/json-protocol.ts';
import { createOperationFactory, describeInvalidInput } from '../wire/operation.ts';
import { startWireServer } from '../wire/server.ts';
import { cryptoOperations } from './crypto-operations.ts';
import { validationError } from './errors.ts';
import { keyOperations } from './key-operations.ts';
import { keyArn, openKeyStore } from './key-store.ts';

export interface KmsEmulator extends Emulator {
  /** The key behind an alias (`alias/…`), made on first use. */
  ensureKey(options: { alias: string; description?: string | undefined }): { keyId: string; arn: string };
}

/** AWS KMS, symmetric keys only: the operations this product and its operators use, on the real wire protocol. */
export async function createKmsEmulator(options: EmulatorOptions): Promise<KmsEmulator> {
  const { now = Date.now, onError = warnOfError } = options;
  const store = openKeyStore(options.dir, now);
  const define = createOperationFactory({
    service: 'kms',
    authorize: options.authorize,
    invalidInput: (error) => validationError(describeInvalidInput(error)),
    missingCredentials: new AwsError({
      code: 'MissingAuthenticationTokenException',
      message: 'Request is missing Authentication Token',
    }),
  });
  const operations = { ...keyOperations(define, store, now), ...cryptoOperations(define, store) };
  const server = await startWireServer({
    port: options.port,
    handle: createJsonProtocol({ target: 'TrentService', operations, onError }),
    onError,
  });
  return {
    endpoint: server.endpoint,
    ensureKey({ alias, description = '' }) {
      const known = store.aliases().find(({ name }) => name === alias);
      if (known) return { keyId: known.keyId, arn: keyArn(known.keyId) };
      const key = store.createKey(description);
      store.createAlias(alias, key);
      return { keyId: key.id, arn: keyArn(key.id) };
    },
    async close() {
      await server.close();
      store.close();
    },
  };
}

import { warnOfError, type Emulator, type EmulatorOptions } from '../wire/emulator.ts';
import { createOperationFactory, describeInvalidInput } from '../wire/operation.ts';
import { createQueryProtocol } from '../wire/query-protocol.ts';
import { startWireServer } from '../wire/server.ts';
import { stsError } from './assume-role-input.ts';
import { stsOperations } from './operations.ts';
import { openPrincipalStore, type Principal, type RegisteredPrincipal } from './principal-store.ts';

export interface StsEmulator extends Emulator {
  /** Who holds an access key; undefined when nobody does. Throws ExpiredTokenException for a session that is over. */
  resolve(accessKeyId: string): Principal | undefined;
  /** Gives an access key to a principal that never expires, such as a function's execution role. Kept over restarts. */
  registerPrincipal(principal: RegisteredPrincipal): void;
  /** Secret of a principal that was registered since this emulator started; for those who verify signatures. */
  secretOf(accessKeyId: string): string | undefined;
}

/** AWS STS: role sessions with tags. It knows only access keys that were registered or that it gave out itself. */
export async function createStsEmulator(options: EmulatorOptions): Promise<StsEmulator> {
  const { now = Date.now, onError = warnOfError } = options;
  const store = openPrincipalStore(options.dir, now);
  const secrets = new Map<string, string>();
  const define = createOperationFactory({
    service: 'sts',
    authorize: options.authorize,
    invalidInput: (error) => stsError('ValidationError', describeInvalidInput(error)),
    missingCredentials: stsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403),
  });
  const handle = createQueryProtocol({
    xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    operations: stsOperations(define, store, now),
    onError,
  });
  const server = await startWireServer({ port: options.port, handle, onError });
  return {
    endpoint: server.endpoint,
    resolve: (accessKeyId) => store.resolve(accessKeyId),
    registerPrincipal(principal) {
      store.register(principal);
      secrets.set(principal.accessKeyId, principal.secretAccessKey ?? 'local');
    },
    secretOf: (accessKeyId) => secrets.get(accessKeyId),
    async close() {
      await server.close();
      store.close();
    },
  };
}

import type { z } from 'zod';
import { AwsError } from '../wire/aws-error.ts';
import { warnOfError, type Emulator, type EmulatorOptions } from '../wire/emulator.ts';
import { createJsonProtocol } from '../wire/json-protocol.ts';
import { createOperationFactory, describeInvalidInput } from '../wire/operation.ts';
import { startWireServer } from '../wire/server.ts';
import { openCognitoDatabase } from './database.ts';
import { createDiscovery } from './discovery.ts';
import { invalidParameter } from './errors.ts';
import { createFaults, type Fault } from './faults.ts';
import type { CognitoMail } from './mail.ts';
import { mfaOperations } from './mfa-operations.ts';
import { passwordOperations } from './password-operations.ts';
import { clientConfig, poolConfig } from './pool-config.ts';
import { poolOperations } from './pool-operations.ts';
import { createServices } from './services.ts';
import { signInOperations } from './sign-in-operations.ts';
import { signUpOperations } from './sign-up-operations.ts';
import { createTokenSigner } from './token-signer.ts';
import type { InvokeTrigger } from './token-trigger.ts';
import { userOperations } from './user-operations.ts';

export interface CognitoEmulatorOptions extends EmulatorOptions {
  /**
   * An issuer is `<issuerBase>/<userPoolId>`; the endpoint by default. Give a fixed one when the port may change
   * between starts and tokens are to stay valid.
   */
  issuerBase?: string | undefined;
  /** Takes the e-mails that Cognito would send. Throwing means that one could not be sent. */
  onEmail?: ((mail: CognitoMail) => void) | undefined;
  /** Calls the Lambda functions that a pool's LambdaConfig names. */
  invokeTrigger?: InvokeTrigger | undefined;
}

export interface EnsurePoolOptions {
  name: string;
  clientName: string;
  /** Further input of CreateUserPool. */
  pool?: Omit<z.input<typeof poolConfig>, 'PoolName'> | undefined;
  /** Further input of CreateUserPoolClient. */
  client?: Omit<z.input<typeof clientConfig>, 'ClientName'> | undefined;
}

export interface EnsuredPool {
  userPoolId: string;
  clientId: string;
  issuer: string;
  jwksUri: string;
}

export interface CognitoEmulator extends Emulator {
  /** The pool and client of those names, made at first and brought up to date later; ids stay the same. */
  ensurePool(options: EnsurePoolOptions): EnsuredPool;
  failNext(fault: Fault): void;
}

const noTrigger: InvokeTrigger = (functionArn) => Promise.reject(new Error(`Nothing here runs ${functionArn}`));

/** Amazon Cognito user pools whose users sign in with e-mail and password. */
export async function createCognitoEmulator(options: CognitoEmulatorOptions): Promise<CognitoEmulator> {
  const { now = Date.now, onError = warnOfError, onEmail = () => undefined, invokeTrigger = noTrigger } = options;
  const db = openCognitoDatabase(options.dir);
  let endpoint = '';
  const signer = await createTokenSigner({ db, issuerBase: () => options.issuerBase ?? endpoint, now });
  const services = createServices({ db, signer, onEmail, invokeTrigger, onError, now });
  const define = createOperationFactory({
    service: 'cognito-idp',
    authorize: options.authorize,
    invalidInput: (error) => invalidParameter(describeInvalidInput(error)),
    missingCredentials: new AwsError({
      code: 'MissingAuthenticationTokenException',
      message: 'Missing Authentication Token',
    }),
  });
  const faults = createFaults({
    ...poolOperations(define, services.pools),
    ...signUpOperations(define, services),
    ...signInOperations(define, services),
    ...passwordOperations(define, services),
    ...userOperations(define, services),
    ...mfaOperations(define, services),
  });
  const call = createJsonProtocol({
    target: 'AWSCognitoIdentityProviderService',
    operations: faults.operations,
    onError,
  });
  const discover = createDiscovery({ pools: services.pools, signer, endpoint: () => endpoint });
  const server = await startWireServer({
    port: options.port,
    handle: async (request) => discover(request) ?? call(request),
    onError,
  });
  endpoint = server.endpoint;

  return {
    endpoint,
    failNext: (fault) => faults.failNext(fault),
    ensurePool({ name, clientName, pool = {}, client = {} }) {
      const ensured = services.pools.ensure(
        poolConfig.parse({ ...pool, PoolName: name }),
        clientConfig.parse({ ...client, ClientName: clientName }),
      );
      const { id: userPoolId } = ensured.pool;
      return {
        userPoolId,
        clientId: ensured.client.id,
        issuer: signer.issuer(userPoolId),
        jwksUri: `${endpoint}/${userPoolId}/.well-known/jwks.json`,
      };
    },
    async close() {
      await server.close();
      db.close();
    },
  };
}

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from '../wire/aws-error.ts';
import { warnOfError, type Emulator, type EmulatorOptions } from '../wire/emulator.ts';
import { createJsonProtocol, epochSeconds } from '../wire/json-protocol.ts';
import { createOperationFactory, describeInvalidInput, type Access } from '../wire/operation.ts';
import { startWireServer } from '../wire/server.ts';

export interface SecretsManagerOptions extends Pick<EmulatorOptions, 'port' | 'authorize' | 'now' | 'onError'> {
  /** What reading a secret needs besides its own permission: the use of a customer's key. */
  alsoNeeded?: ((secretArn: string) => Access[]) | undefined;
}

export interface SecretsManagerEmulator extends Emulator {
  /** Makes the secret, or gives it another value. Values live in memory only: whoever boots the stack knows them. */
  putSecret(arn: string, value: string): void;
}

/** AWS Secrets Manager as far as a reader sees it. */
export async function createSecretsManagerEmulator(options: SecretsManagerOptions): Promise<SecretsManagerEmulator> {
  const { now = Date.now, onError = warnOfError, alsoNeeded = () => [] } = options;
  const secrets = new Map<string, { value: string; createdAt: number }>();
  const define = createOperationFactory({
    service: 'secretsmanager',
    authorize: options.authorize,
    invalidInput: (error) => new AwsError({ code: 'InvalidParameterException', message: describeInvalidInput(error) }),
    missingCredentials: new AwsError({
      code: 'MissingAuthenticationTokenException',
      message: 'Request is missing Authentication Token',
    }),
  });
  const operations = {
    GetSecretValue: define({
      input: z.object({ SecretId: z.string().min(1) }),
      access: ({ SecretId }) => [
        {
          action: 'secretsmanager:GetSecretValue',
          resource: SecretId,
          context: { 'secretsmanager:SecretId': SecretId },
        },
        ...alsoNeeded(SecretId),
      ],
      run({ SecretId }) {
        const found = secrets.get(SecretId);
        if (!found)
          throw new AwsError({
            code: 'ResourceNotFoundException',
            message: "Secrets Manager can't find the specified secret.",
          });
        return {
          ARN: SecretId,
          Name: SecretId.replace(/^.*:secret:/, '').replace(/-\w{6}$/, ''),
          SecretString: found.value,
          VersionId: createHash('sha256').update(found.value).digest('hex').slice(0, 32),
          VersionStages: ['AWSCURRENT'],
          CreatedDate: epochSeconds(found.createdAt),
        };
      },
    }),
  };
  const server = await startWireServer({
    port: options.port,
    handle: createJsonProtocol({ target: 'secretsmanager', operations, onError }),
    onError,
  });
  return {
    endpoint: server.endpoint,
    putSecret(arn, value) {
      secrets.set(arn, { value, createdAt: now() });
    },
    close: () => server.close(),
  };
}

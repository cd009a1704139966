import { createHash, randomBytes } from 'node:crypto';
import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { z } from 'zod';
import type { AwsClients } from '../calls/clients.ts';

/**
 * Proofs under way (a registration, a new password), known by a secret that only the browser has that began them. Each
 * can be tried five times within 15 minutes.
 */
export interface ProofSessions<Proof extends object> {
  /** Returns the secret. */
  begin(proof: Proof): Promise<string>;
  /** Counts a try. Undefined: unknown, expired, or tried too often. */
  attempt(session: string): Promise<Proof | undefined>;
  end(session: string): Promise<void>;
}

export interface ProofSessionsOptions<Proof extends object> {
  /** The table `limits`. */
  table: string;
  /** Keeps the secret of one kind of proof from being good for another. */
  kind: string;
  schema: z.ZodType<Proof>;
  now: () => number;
}

/** As long as Cognito keeps its own session at most. */
const keepMs = 15 * 60_000;
const maxAttempts = 5;

export function createProofSessions<Proof extends object>(
  clients: Pick<AwsClients, 'dynamodb'>,
  { table, kind, schema, now }: ProofSessionsOptions<Proof>,
): ProofSessions<Proof> {
  const keyOf = (session: string) => ({ pk: `${kind}#${createHash('sha256').update(session).digest('hex')}` });

  return {
    async begin(proof) {
      const session = randomBytes(32).toString('base64url');
      const expiresAt = Math.ceil((now() + keepMs) / 1000);
      const Item = { ...keyOf(session), ...proof, tries: 0, expiresAt };
      await clients.dynamodb.send(new PutCommand({ TableName: table, Item }));
      return session;
    },
    async attempt(session) {
      try {
        const { Attributes } = await clients.dynamodb.send(
          new UpdateCommand({
            TableName: table,
            Key: keyOf(session),
            UpdateExpression: 'ADD tries :one',
            ConditionExpression: 'tries < :max AND expiresAt > :now',
            ExpressionAttributeValues: { ':one': 1, ':max': maxAttempts, ':now': Math.floor(now() / 1000) },
            ReturnValues: 'ALL_NEW',
          }),
        );
        return schema.parse(Attributes);
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }
    },
    async end(session) {
      await clients.dynamodb.send(new DeleteCommand({ TableName: table, Key: keyOf(session) }));
    },
  };
}

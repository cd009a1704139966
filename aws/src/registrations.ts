import { createHash, randomBytes } from 'node:crypto';
import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { localeSchema } from '@top-active/core/contracts';
import { z } from 'zod';
import type { AwsClients } from './clients.ts';

const registrationSchema = z.object({
  email: z.string(),
  name: z.string(),
  locale: localeSchema,
  /** Who was made, and Cognito's session; absent when the e-mail belongs to somebody already. */
  user: z.object({ sub: z.uuid(), session: z.string() }).optional(),
});
export type Registration = z.infer<typeof registrationSchema>;

/** Registrations under way, known by a secret that only the registering browser has. */
export interface Registrations {
  /** Returns the secret. */
  begin(registration: Registration): Promise<string>;
  /** Counts a try to confirm. Undefined: unknown, expired, or tried too often. */
  attempt(session: string): Promise<Registration | undefined>;
  end(session: string): Promise<void>;
}

/** As long as Cognito keeps its own session at most. */
const keepMs = 15 * 60_000;
const maxAttempts = 5;

/** @param options.table the table `limits` */
export function createRegistrations(
  clients: AwsClients,
  { table, now }: { table: string; now: () => number },
): Registrations {
  return {
    async begin(registration) {
      const session = randomBytes(32).toString('base64url');
      const expiresAt = Math.ceil((now() + keepMs) / 1000);
      const Item = { ...keyOf(session), ...registration, tries: 0, expiresAt };
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
        return registrationSchema.parse(Attributes);
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

function keyOf(session: string): { pk: string } {
  return { pk: `registration#${createHash('sha256').update(session).digest('hex')}` };
}

import { LimitExceededException } from '@aws-sdk/client-cognito-identity-provider';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { AppError } from '@top-active/core/errors';
import { z } from 'zod';
import type { AwsClients } from '../calls/clients.ts';
import { logger } from '../logs/log.ts';
import { metrics } from '../metrics/metrics.ts';

/**
 * How many e-mails the user pool may send a day: fifty for the whole account where Cognito sends them itself. Then
 * nobody can register or set a new password, and everybody is told the same, with an account or without.
 */
export interface MailBudget {
  /** @throws {AppError} `mail_unavailable` while it is known to be spent */
  require(): Promise<void>;
  /** Whether an error says that it is spent. If so, everybody is told from now on, and the operator by an alarm. */
  isSpentBy(error: unknown): Promise<boolean>;
}

/** After that it is tried again. */
const believedMs = 15 * 60_000;
const Key = { pk: 'mail-budget' };
const noteSchema = z.object({ spentAt: z.number() });

export const mailUnavailable = (cause?: unknown) => new AppError('mail_unavailable', { cause, retryAfter: 3_600 });

export function createMailBudget(
  { dynamodb }: Pick<AwsClients, 'dynamodb'>,
  { table: TableName, now }: { table: string; now: () => number },
): MailBudget {
  return {
    async require() {
      const { Item } = await dynamodb.send(new GetCommand({ TableName, Key }));
      if (Item && noteSchema.parse(Item).spentAt + believedMs > now()) throw mailUnavailable();
    },
    async isSpentBy(error) {
      if (!(error instanceof LimitExceededException) || !/email limit/i.test(error.message)) return false;
      metrics.emit('MailBudgetSpent');
      logger.error('No e-mail can be sent: the daily budget of the user pool is spent', {}, error);
      const expiresAt = Math.ceil((now() + believedMs) / 1000);
      await dynamodb.send(new PutCommand({ TableName, Item: { ...Key, spentAt: now(), expiresAt } }));
      return true;
    },
  };
}

import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import type { UserId } from '@top-active/core/contracts';

export interface TenantCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
}

/**
 * Where credentials confined to one user come from. Called rarely: what it gives is kept until shortly before it
 * expires.
 */
export type TenantCredentialSource = (userId: UserId) => Promise<TenantCredentials>;

/** The source says that this process may not act for the user, now. */
export class TenantAccessRefused extends Error {
  override readonly name = 'TenantAccessRefused';
}

const lifetimeSeconds = 900;
/** As early as the SDK itself wants fresh ones. */
const renewBeforeMs = 5 * 60_000;
/** While the old ones are good, a source that fails is asked again after so long. */
const askAgainAfterMs = 5_000;
/** Credentials aren't handed out that would expire on their way. */
const leastLeftMs = 30_000;

/** Credentials of the tenant role for one user, by the session tag `userId`, from STS itself. */
export function assumeTenantRole({ sts, roleArn }: { sts: STSClient; roleArn: string }): TenantCredentialSource {
  return async (userId) => {
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: `user-${userId}`,
        DurationSeconds: lifetimeSeconds,
        Tags: [{ Key: 'userId', Value: userId }],
        TransitiveTagKeys: ['userId'],
      }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration)
      throw new Error('STS returned no credentials');
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration,
    };
  };
}

/**
 * One user's credentials, kept until five minutes before they expire; concurrent callers share one request. Should the
 * source fail to renew them, the old ones serve for as long as they are good; should it refuse, they don't.
 */
export function keepTenantCredentials(options: {
  source: TenantCredentialSource;
  userId: UserId;
  now: () => number;
}): () => Promise<TenantCredentials> {
  const { source, userId, now } = options;
  let kept: TenantCredentials | undefined;
  let renewAt = 0;
  let asking: Promise<TenantCredentials> | undefined;

  async function ask(): Promise<TenantCredentials> {
    try {
      kept = await source(userId);
      renewAt = kept.expiration.getTime() - renewBeforeMs;
      return kept;
    } catch (error) {
      if (error instanceof TenantAccessRefused) kept = undefined;
      if (!kept || kept.expiration.getTime() - now() < leastLeftMs) throw error;
      renewAt = now() + askAgainAfterMs;
      return kept;
    } finally {
      asking = undefined;
    }
  }

  return () => {
    if (kept && now() < renewAt) return Promise.resolve(kept);
    asking ??= ask();
    return asking;
  };
}

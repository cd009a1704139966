import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import type { UserId } from '@top-active/core/contracts';

export interface TenantCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
}

const lifetimeSeconds = 900;
/** As early as the SDK itself wants fresh ones. */
const renewBeforeMs = 5 * 60_000;

/**
 * Credentials of the tenant role for one user, by the session tag `userId`. Kept until five minutes before they expire;
 * concurrent callers share one request.
 */
export function createTenantCredentials(options: {
  sts: STSClient;
  roleArn: string;
  userId: UserId;
  now: () => number;
}): () => Promise<TenantCredentials> {
  const { sts, roleArn, userId, now } = options;
  let current: { until: number; credentials: Promise<TenantCredentials> } | undefined;

  async function assume(): Promise<TenantCredentials> {
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
  }

  return () => {
    if (current && now() < current.until) return current.credentials;
    const credentials = assume();
    const assumed = { until: now() + lifetimeSeconds * 1000 - renewBeforeMs, credentials };
    current = assumed;
    // A failure isn't kept.
    credentials.catch(() => {
      if (current === assumed) current = undefined;
    });
    return credentials;
  };
}

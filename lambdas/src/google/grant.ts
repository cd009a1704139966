import type { Tenant } from '@top-active/aws';
import type { Credential } from '@top-active/core/contracts';
import { z } from 'zod';

/** What is sealed in the Google credential. */
const secretSchema = z.object({ refreshToken: z.string().min(1) });

export function sealableGrant(refreshToken: string): string {
  return JSON.stringify({ refreshToken } satisfies z.infer<typeof secretSchema>);
}

/** Undefined when Google isn't connected. */
export async function readGrant(tenant: Tenant): Promise<{ credential: Credential; refreshToken: string } | undefined> {
  const opened = await tenant.credentials.open('google');
  if (!opened) return undefined;
  const { refreshToken } = secretSchema.parse(JSON.parse(opened.secret));
  return { credential: opened.credential, refreshToken };
}

import { localAccountId, localRegion } from '@top-active/cloud/wire';
import { roleId } from '@top-active/cloud/sts';
import type { Caller } from '@top-active/cloud/iam';

/** One access, by whom, and whether it must be allowed. */
export interface Check {
  /** Session or service, as in `Caller`. */
  principal: string;
  /** The role behind a session. */
  role?: string | undefined;
  action: string;
  resource: string;
  context: Readonly<Record<string, string | string[]>>;
}

/** The person in whose name tenant sessions ask, and somebody else. */
export const ownUser = '11111111-1111-4111-8111-111111111111';
export const otherUser = '99999999-9999-4999-8999-999999999999';

export function sessionOf(role: string, session: string): string {
  return `arn:aws:sts::${localAccountId}:assumed-role/${role.slice(role.lastIndexOf('/') + 1)}/${session}`;
}

/** Tenant sessions carry their user's tag; every session has the id that AWS makes of role and name. */
export function callerOf({ principal, role }: Check): Caller {
  const session = principal.slice(principal.lastIndexOf('/') + 1);
  const [, userId] = /^user-([0-9a-f-]{36})$/.exec(session) ?? [];
  return {
    arn: principal,
    roleArn: role,
    tags: userId === undefined ? {} : { userId },
    ...(role !== undefined && { userId: `${roleId(role)}:${session}` }),
  };
}

export function describeCheck({ principal, action, resource, context }: Check): string {
  return `${action} on ${resource} by ${principal} with ${JSON.stringify(context)}`;
}

export function executeApiArn(id: string, path: string): string {
  return `arn:aws:execute-api:${localRegion}:${localAccountId}:${id}/${path}`;
}

import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { localAccountId } from '../wire/account.ts';
import type { Credentials } from '../wire/credentials.ts';
import type { Access, DefineOperation, Operation } from '../wire/operation.ts';
import { assumeRoleInput, checkAssumeRole, stsError, type AssumeRoleInput } from './assume-role-input.ts';
import { randomName, roleId, type Principal, type PrincipalStore } from './principal-store.ts';

const maxChainedSeconds = 3600;

export function stsOperations(
  define: DefineOperation,
  store: PrincipalStore,
  now: () => number,
): Record<string, Operation> {
  /** Throws InvalidClientTokenId, as STS does for keys it never gave out. */
  function caller({ accessKeyId, sessionToken }: Credentials): Principal {
    const principal = store.resolve(accessKeyId);
    if (!principal || (principal.session && principal.session.sessionToken !== sessionToken)) {
      throw stsError('InvalidClientTokenId', 'The security token included in the request is invalid.', 403);
    }
    return principal;
  }

  return {
    AssumeRole: define({
      input: assumeRoleInput,
      access: assumeRoleAccess,
      run(input, credentials) {
        checkAssumeRole(input);
        const source = caller(credentials);
        if (/:(assumed-)?role\//.test(source.arn) && input.DurationSeconds > maxChainedSeconds) {
          throw stsError(
            'ValidationError',
            'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
          );
        }
        const tags = sessionTags(source, input);
        const path = input.RoleArn.slice(input.RoleArn.indexOf(':role/') + ':role/'.length);
        const roleName = path.slice(path.lastIndexOf('/') + 1);
        const arn = `arn:aws:sts::${localAccountId}:assumed-role/${roleName}/${input.RoleSessionName}`;
        const userId = `${roleId(input.RoleArn)}:${input.RoleSessionName}`;
        const sessionToken = randomBytes(192).toString('base64');
        const expiresAt = now() + input.DurationSeconds * 1000;
        const accessKeyId = store.addSession({
          arn,
          userId,
          tags: tags.all,
          expiresAt,
          session: {
            roleArn: input.RoleArn,
            sessionName: input.RoleSessionName,
            sessionToken,
            transitiveTagKeys: tags.transitiveKeys,
            policy: input.Policy,
            policyArns: input.PolicyArns.map(({ arn }) => arn),
          },
        });
        return {
          AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
          Credentials: {
            AccessKeyId: accessKeyId,
            // Made up and forgotten: no emulator verifies signatures.
            SecretAccessKey: randomName(40),
            SessionToken: sessionToken,
            Expiration: new Date(expiresAt).toISOString(),
          },
        };
      },
    }),

    GetCallerIdentity: define({
      input: z.object({}),
      // Needs no permission; AWS answers even where a policy denies it.
      access: () => [],
      run(_input, credentials) {
        const { arn, userId } = caller(credentials);
        return { UserId: userId, Account: localAccountId, Arn: arn };
      },
    }),
  };
}

/** Tags make the request need sts:TagSession as well. */
function assumeRoleAccess(input: AssumeRoleInput): Access[] {
  const context: Record<string, string | string[]> = { 'sts:RoleSessionName': input.RoleSessionName };
  if (input.Tags.length === 0) return [{ action: 'sts:AssumeRole', resource: input.RoleArn, context }];
  for (const { Key, Value } of input.Tags) context[`aws:RequestTag/${Key}`] = Value;
  context['aws:TagKeys'] = input.Tags.map(({ Key }) => Key);
  if (input.TransitiveTagKeys.length > 0) context['sts:TransitiveTagKeys'] = input.TransitiveTagKeys;
  return ['sts:AssumeRole', 'sts:TagSession'].map((action) => ({ action, resource: input.RoleArn, context }));
}

/** Own tags, and those that the caller's session hands down, which can't be replaced. */
function sessionTags(source: Principal, input: AssumeRoleInput) {
  const inheritedKeys = source.session?.transitiveTagKeys ?? [];
  const all = Object.fromEntries(input.Tags.map(({ Key, Value }) => [Key, Value]));
  for (const key of inheritedKeys) {
    const value = source.tags[key];
    if (value === undefined) continue;
    if (Object.hasOwn(all, key)) {
      throw stsError('InvalidParameterValue', `One of the specified transitive tag keys can't be set: ${key}`);
    }
    all[key] = value;
  }
  return { all, transitiveKeys: [...new Set([...inheritedKeys, ...input.TransitiveTagKeys])] };
}

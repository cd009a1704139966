import { randomUUID } from 'node:crypto';
import { AwsError, localAccountId, type Access, type Authorize, type Credentials } from '../wire/index.ts';
import type { Principal } from '../sts/index.ts';
import type { Caller, Decision, Evaluator } from './evaluator.ts';

/** One evaluated access, as counters and recorders see it. */
export interface AccessEvent {
  /** The same for all accesses of one request. */
  requestId: string;
  service: string;
  action: string;
  resource: string;
  context: Readonly<Record<string, string | string[]>>;
  /** Session or service that asked. */
  principal: string;
  /** Its role; absent for services. */
  role: string | undefined;
  decision: Decision['effect'];
  /** Of the request's body; on the first access of a request only, and where a proxy saw the body. */
  bytes?: number | undefined;
}

export interface AuthorizerOptions {
  /** Who holds an access key: STS's answer. Throws for a session that is over. */
  resolve: (accessKeyId: string) => Principal | undefined;
  /** Every evaluated access passes here. */
  onAccess?: ((event: AccessEvent) => void) | undefined;
  /** Told of each denial, with more than the caller hears. */
  onDenied?: ((denial: Denial) => void) | undefined;
}

export interface Denial {
  principal: string;
  action: string;
  resource: string;
  reason: string;
  /** Statements that would have fitted, and what they lacked. */
  near: string[];
}

export interface Authorizer {
  /** For emulators: one access at a time. */
  authorize: Authorize;
  /**
   * For doors that know a whole request: every access must be allowed.
   * @throws AwsError in the service's own words.
   */
  check(request: CheckedRequest): Promise<void>;
  /** Whether a service of AWS may do something that only resource policies can allow it. @throws AwsError */
  checkService(request: ServiceRequest): Promise<void>;
  /** Evaluation begins: until then everything is refused. */
  enforce(evaluator: Evaluator): void;
  /** A session that may do what any of several roles may: a test process that plays several functions. */
  actFor(principalArn: string, roleArns: readonly string[]): void;
}

interface CheckedRequest {
  service: string;
  credentials: Credentials | undefined;
  accesses: readonly Access[];
  bytes?: number | undefined;
}

interface ServiceRequest {
  /** `events.amazonaws.com` */
  principal: string;
  action: string;
  resource: string;
  context: Readonly<Record<string, string>>;
}

export function createAuthorizer({ resolve, onAccess, onDenied }: AuthorizerOptions): Authorizer {
  let evaluator: Evaluator | undefined;
  const several = new Map<string, readonly string[]>();

  async function ask(service: string, caller: Caller, access: Access, facts: Pick<AccessEvent, 'requestId' | 'bytes'>) {
    if (!evaluator) throw new Error(`${access.action} was requested before the policies were read.`);
    const { action, resource, context = {} } = access;
    const roles = several.get(caller.arn) ?? [caller.roleArn];
    let decision: Decision | undefined;
    for (const roleArn of roles) {
      const as = { ...caller, roleArn };
      decision = await evaluator.evaluate({ caller: as, action, resource, context });
      onAccess?.({
        ...facts,
        service,
        action,
        resource,
        context,
        principal: caller.arn,
        role: roleArn,
        decision: decision.effect,
      });
      if (decision.effect === 'allow') return;
    }
    const reason = decision?.message ?? '';
    onDenied?.({ principal: caller.arn, action, resource, reason, near: decision?.near ?? [] });
    throw refusal(service, reason);
  }

  function callerOf(service: string, credentials: Credentials | undefined): Caller {
    if (!credentials) throw missingToken(service);
    const principal = resolve(credentials.accessKeyId);
    if (!principal || (principal.session && principal.session.sessionToken !== credentials.sessionToken))
      throw unknownToken(service);
    const { arn, userId, tags, session } = principal;
    return { arn, userId, tags, roleArn: session?.roleArn ?? roleOfSession(arn), sessionPolicy: session?.policy };
  }

  async function check({ service, credentials, accesses, bytes }: CheckedRequest): Promise<void> {
    const caller = callerOf(service, credentials);
    const requestId = randomUUID();
    for (const [index, access] of accesses.entries())
      await ask(service, caller, access, { requestId, bytes: index === 0 ? bytes : undefined });
  }

  return {
    check,
    authorize: ({ service, action, resource, context, credentials }) =>
      check({ service, credentials, accesses: [{ action, resource, context }] }),
    async checkService({ principal, action, resource, context }) {
      const caller = { arn: principal, tags: {} };
      await ask(action.split(':')[0] ?? '', caller, { action, resource, context }, { requestId: randomUUID() });
    },
    enforce(given) {
      evaluator = given;
    },
    actFor(principalArn, roleArns) {
      several.set(principalArn, roleArns);
    },
  };
}

/** `arn:aws:sts::…:assumed-role/<role>/<session>` → the role's ARN. */
function roleOfSession(arn: string): string | undefined {
  const [, role] = /:assumed-role\/([^/]+)\//.exec(arn) ?? [];
  return role === undefined ? undefined : `arn:aws:iam::${localAccountId}:role/${role}`;
}

/** Services that speak XML or REST name their errors in their own way. */
const denied: Readonly<Record<string, string>> = { sts: 'AccessDenied', s3: 'AccessDenied' };
const unknown: Readonly<Record<string, string>> = {
  sts: 'InvalidClientTokenId',
  sqs: 'InvalidClientTokenId',
  s3: 'InvalidAccessKeyId',
};

function refusal(service: string, message: string): AwsError {
  const code = denied[service];
  return new AwsError({ code: code ?? 'AccessDeniedException', message, status: code ? 403 : 400 });
}

function unknownToken(service: string): AwsError {
  const code = unknown[service];
  return new AwsError({
    code: code ?? 'UnrecognizedClientException',
    message: 'The security token included in the request is invalid.',
    status: code ? 403 : 400,
  });
}

function missingToken(service: string): AwsError {
  return new AwsError({
    code: service === 's3' ? 'AccessDenied' : 'MissingAuthenticationTokenException',
    message: 'Request is missing Authentication Token',
    status: 403,
  });
}

import { AwsError, localAccountId, localRegion, type Authorize } from '../wire/index.ts';
import { isSignedBy, readScope, type SignedRequest } from './sigv4.ts';

/** Holder of an access key, as STS knows it. */
interface IamCaller {
  /** `arn:aws:sts::000000000000:assumed-role/<role>/<session>` */
  arn: string;
  /** `aws:userid`: `<role id>:<session>` */
  userId: string;
  secretAccessKey: string;
}

export interface IamSettings {
  /** Undefined for a key that nobody holds; may throw for one that is no longer good. */
  identify: (accessKeyId: string) => IamCaller | undefined;
  /** Evaluates `execute-api:Invoke` for the route; throws where it is denied. Absent: every caller may call. */
  authorize?: Authorize | undefined;
  /** As in ARNs; `local` by default. */
  apiId?: string | undefined;
  now?: (() => number) | undefined;
}

/** As `requestContext.authorizer.iam` shows it. */
export interface IamAuthorization {
  accessKey: string;
  accountId: string;
  callerId: string;
  cognitoIdentity: null;
  principalOrgId: null;
  userArn: string;
  userId: string;
}

/** Undefined: refused, for whichever reason. API Gateway says no more than 403. */
export type AuthorizeIam = (
  request: SignedRequest,
  route: { method: string; path: string },
) => Promise<IamAuthorization | undefined>;

const service = 'execute-api';

/**
 * IAM authorization of an HTTP API: the request is signed (SigV4), and its signer's policies allow to invoke the route.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html
 */
export function createIamAuthorizer({
  identify,
  authorize,
  apiId = 'local',
  now = Date.now,
}: IamSettings): AuthorizeIam {
  return async (request, { method, path }) => {
    const scope = readScope(request.headers.authorization?.[0]);
    if (!scope || scope.service !== service || scope.region !== localRegion) return undefined;
    try {
      const caller = identify(scope.accessKeyId);
      if (!caller || !isSignedBy(caller.secretAccessKey, { request, scope, now: now() })) return undefined;
      await authorize?.({
        service,
        action: 'execute-api:Invoke',
        resource: `arn:aws:execute-api:${localRegion}:${localAccountId}:${apiId}/$default/${method}${path}`,
        context: {},
        credentials: { accessKeyId: scope.accessKeyId, sessionToken: request.headers['x-amz-security-token']?.[0] },
      });
      return {
        accessKey: scope.accessKeyId,
        accountId: localAccountId,
        callerId: caller.userId,
        cognitoIdentity: null,
        principalOrgId: null,
        userArn: caller.arn,
        userId: caller.userId,
      };
    } catch (error) {
      if (error instanceof AwsError) return undefined;
      throw error;
    }
  };
}

import type { Database } from '../wire/database.ts';
import { attempted, createAttemptStore, type AttemptStore } from './attempt-store.ts';
import { createCodeStore, type CodeStore } from './code-store.ts';
import { cognitoError, missingScopes, notAuthorized, userNotFound } from './errors.ts';
import { createFlowSessionStore, type FlowSessionStore } from './flow-session-store.ts';
import { writeMail, type CognitoMail, type CognitoMailKind } from './mail.ts';
import { tokenLifetimes } from './pool-config.ts';
import { createPoolStore, type Client, type PoolStore } from './pool-store.ts';
import { createSignInStore, type SignIn, type SignInStore } from './sign-in-store.ts';
import type { TokenSigner } from './token-signer.ts';
import { createTokenTrigger, selfServiceScope, type InvokeTrigger, type TokenSource } from './token-trigger.ts';
import { createUserStore, type User, type UserStore } from './user-store.ts';

export interface ServicesOptions {
  db: Database;
  signer: TokenSigner;
  onEmail: (mail: CognitoMail) => void;
  invokeTrigger: InvokeTrigger;
  onError: (error: unknown) => void;
  now: () => number;
}

/** What the operations work with. */
export interface Services {
  pools: PoolStore;
  users: UserStore;
  codes: CodeStore;
  attempts: AttemptStore;
  flows: FlowSessionStore;
  signIns: SignInStore;
  signer: TokenSigner;
  now: () => number;
  transaction<T>(work: () => T): T;
  /** Makes a code and mails it. Throws CodeDeliveryFailureException. */
  sendCode(user: User, kind: CognitoMailKind): void;
  /** Throws NotAuthorizedException, UserNotFoundException. */
  authenticate(accessToken: string): Promise<{ user: User; signIn: SignIn; client: Client }>;
  /** AuthenticationResult. Throws what the pool's trigger makes of it. */
  issueTokens(issue: TokenIssue): Promise<object>;
  /** The answer that ends a login. Throws as `issueTokens`. */
  signIn(user: User, client: Client): Promise<object>;
}

interface TokenIssue {
  user: User;
  client: Client;
  signIn: SignIn;
  /** None is given where undefined. */
  refreshToken: string | undefined;
  source: TokenSource;
}

export function createServices({ db, signer, onEmail, invokeTrigger, onError, now }: ServicesOptions): Services {
  const pools = createPoolStore(db, now);
  const users = createUserStore(db, now);
  const attempts = createAttemptStore(db, now);
  const codes = createCodeStore(db, attempts, now);
  const flows = createFlowSessionStore(db, now);
  const signIns = createSignInStore(db, now);
  const scopesOf = createTokenTrigger(invokeTrigger);

  async function issueTokens({ user, client, signIn, refreshToken, source }: TokenIssue): Promise<object> {
    const scopes = await scopesOf({ pool: pools.pool(user.poolId), user, client, source });
    const [accessToken, idToken] = await Promise.all([
      signer.accessToken({ user, client, signIn, scopes }),
      signer.idToken({ user, client, signIn }),
    ]);
    return {
      AccessToken: accessToken,
      IdToken: idToken,
      RefreshToken: refreshToken,
      ExpiresIn: tokenLifetimes(client.config).access,
      TokenType: 'Bearer',
    };
  }

  return {
    pools,
    users,
    codes,
    attempts,
    flows,
    signIns,
    signer,
    now,
    transaction: (work) => db.transaction(work),

    sendCode(user, kind) {
      const { config } = pools.pool(user.poolId);
      if (config.EmailConfiguration.EmailSendingAccount === 'COGNITO_DEFAULT') {
        const everybody = attempted(user.poolId, '');
        attempts.check(everybody, 'mail');
        attempts.count(everybody, 'mail');
      }
      const code = codes.issue(user, kind === 'forgot-password' ? 'forgot-password' : 'sign-up');
      const mail = writeMail({ user, kind, code, config, at: now() });
      try {
        onEmail(mail);
      } catch (error) {
        onError(error);
        throw cognitoError('CodeDeliveryFailureException', 'The e-mail could not be sent.');
      }
    },

    async authenticate(accessToken) {
      const claims = await signer.verifyAccessToken(accessToken);
      const client = pools.client(claims.client_id);
      if (!claims.scope.split(' ').includes(selfServiceScope)) throw missingScopes();
      const user = users.findBySub(client.poolId, claims.sub);
      if (!user) throw userNotFound();
      const signIn = signIns.find(claims.origin_jti);
      if (!signIn || signIn.revoked) throw notAuthorized('Access Token has been revoked');
      return { user, signIn, client };
    },

    issueTokens,

    async signIn(user, client) {
      const begun = signIns.start(user, client);
      const source = 'TokenGeneration_Authentication';
      return { ChallengeParameters: {}, AuthenticationResult: await issueTokens({ user, client, ...begun, source }) };
    },
  };
}

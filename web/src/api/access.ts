import { apiRoutes, askRoute, type TokenResponse } from '@top-active/core/contracts';
import type { Send } from './http.ts';
import { ApiProblem } from './problem.ts';

type SessionNews = { type: 'tokens'; tokens: TokenResponse; expiresAt: number } | { type: 'signed_out' };

/** As much of the Web Locks API as is used here. */
export interface Locks {
  request<T>(name: string, task: () => Promise<T>): Promise<T>;
}

export interface AccessOptions {
  send: Send;
  /** Absent where the browser has no Web Locks: then only this tab is kept from refreshing twice. */
  locks?: Locks | undefined;
  /** Tells other tabs of the same origin; absent in tests of one tab. */
  channel?: BroadcastChannel | undefined;
  now?: (() => number) | undefined;
}

/**
 * The access token: in memory only, shared with the other tabs, renewed through the HttpOnly refresh cookie. The
 * refresh token rotates, so at most one refresh is in flight across all tabs.
 */
export type Access = ReturnType<typeof createAccess>;

/** Renew this long before the token dies, so that a request never starts with a dying one. */
const margin = 30_000;

export function createAccess({ send, locks, channel, now = Date.now }: AccessOptions) {
  let current: { tokens: TokenResponse; expiresAt: number } | undefined;
  let refreshing: Promise<TokenResponse> | undefined;
  const signedOutListeners = new Set<() => void>();

  const tell: (news: SessionNews) => void = channel ? channel.postMessage.bind(channel) : () => undefined;
  channel?.addEventListener('message', hear);

  function hear(event: MessageEvent<SessionNews>): void {
    if (event.data.type === 'tokens') current = { tokens: event.data.tokens, expiresAt: event.data.expiresAt };
    else forget();
  }

  function use(tokens: TokenResponse): void {
    current = { tokens, expiresAt: now() + tokens.expiresIn * 1000 };
    tell({ type: 'tokens', ...current });
  }

  function forget(): void {
    const had = current !== undefined;
    current = undefined;
    if (had) for (const listener of signedOutListeners) listener();
  }

  /** @param stale the token that was refused; a newer one that another tab brought meanwhile is good enough. */
  function refresh(stale?: string): Promise<TokenResponse> {
    refreshing ??= alone(() => renew(stale)).finally(() => (refreshing = undefined));
    return refreshing;
  }

  async function renew(stale: string | undefined): Promise<TokenResponse> {
    if (current && isFresh() && current.tokens.accessToken !== stale) return current.tokens;
    try {
      const tokens = await send(askRoute(apiRoutes, 'POST /api/auth/refresh'));
      use(tokens);
      return tokens;
    } catch (error) {
      if (isSignedOut(error)) forget();
      throw error;
    }
  }

  function alone<T>(task: () => Promise<T>): Promise<T> {
    return locks ? locks.request('top-active-refresh', task) : task();
  }

  function isFresh(): boolean {
    return current !== undefined && now() < current.expiresAt - margin;
  }

  return {
    use,
    refresh,
    /** A token that lives long enough for one request. Throws `ApiProblem` when the session is over or unreachable. */
    async token(): Promise<string> {
      if (current && isFresh()) return current.tokens.accessToken;
      return (await refresh()).accessToken;
    },
    signOut(): void {
      tell({ type: 'signed_out' });
      forget();
    },
    /** @returns a function that stops listening */
    onSignedOut(listener: () => void): () => void {
      signedOutListeners.add(listener);
      return () => signedOutListeners.delete(listener);
    },
    close(): void {
      channel?.removeEventListener('message', hear);
      channel?.close();
      signedOutListeners.clear();
    },
  };
}

/** The session itself is over, as opposed to not being reachable right now. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiProblem && (error.code === 'session_expired' || error.code === 'unauthorized');
}

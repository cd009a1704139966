import { z } from 'zod';
import type {
  EraseMeRequest,
  LoginCodeRequest,
  LoginRequest,
  RegisterRequest,
  TokenResponse,
} from '@top-active/core/contracts';
import { defineStore } from 'pinia';
import { ref } from 'vue';
import { isSignedOut } from '../api/access.ts';
import { asProblem, type ApiProblem } from '../api/problem.ts';
import { useServices } from '../services.ts';

const registrationSchema = z.object({ email: z.string(), session: z.string() });
type Registration = z.infer<typeof registrationSchema>;
const registrationKey = 'top-active:registration';

/** Who is signed in, and a registration that waits for its code. */
export const useSessionStore = defineStore('session', () => {
  const { api, access, session: storage } = useServices();
  const state = ref<'unknown' | 'in' | 'out'>('unknown');
  const userId = ref<string>();
  /** Signed out because the account was deleted just now. */
  const erased = ref(false);
  const bootProblem = ref<ApiProblem>();
  const registration = ref(readRegistration(storage));
  /** What was typed on one page for guests and is wanted on the next. */
  const typedEmail = ref('');

  /**
   * The password was right. In memory only: after a reload one signs in anew. Stays until the sign-out, so that the
   * form is there until the page has been left.
   */
  const waitingLogin = ref<Omit<LoginCodeRequest, 'code'>>();

  access.onSignedOut(() => {
    // Also when another tab or the server ended the session: this tab's drafts must not await the next person.
    storage.clear();
    state.value = 'out';
    userId.value = undefined;
    typedEmail.value = '';
    waitingLogin.value = undefined;
  });

  /** Finds out whether the refresh cookie still holds. Leaves `unknown` when nobody answers. */
  async function boot(): Promise<void> {
    bootProblem.value = undefined;
    try {
      enter((await access.refresh()).userId);
    } catch (error) {
      if (isSignedOut(error)) state.value = 'out';
      else bootProblem.value = asProblem(error);
    }
  }

  /** In at once, or `waitingLogin` says that a code of the authenticator app is wanted. */
  async function login(credentials: LoginRequest): Promise<void> {
    const answer = await api.auth.login(credentials);
    if ('accessToken' in answer) enterWith(answer);
    else waitingLogin.value = { email: credentials.email, session: answer.session };
  }

  async function loginWithCode(code: string): Promise<void> {
    if (!waitingLogin.value) return;
    enterWith(await api.auth.loginWithCode({ ...waitingLogin.value, code }));
  }

  async function register(request: RegisterRequest): Promise<void> {
    const { session } = await api.auth.register(request);
    keep({ email: request.email, session });
  }

  /** The code proves the e-mail and signs in at once. */
  async function confirm(code: string): Promise<void> {
    if (!registration.value) return;
    const tokens = await api.auth.confirm({ ...registration.value, code });
    keep(undefined);
    enterWith(tokens);
  }

  /** Ends the session here even when the server can't be told. */
  async function logout(): Promise<void> {
    try {
      await api.auth.logout();
    } finally {
      access.signOut();
    }
  }

  /** From then on there is no account to be signed in to, on any device. */
  async function erase(request: EraseMeRequest): Promise<void> {
    await api.me.erase(request);
    erased.value = true;
    access.signOut();
  }

  function keep(pending: Registration | undefined): void {
    registration.value = pending;
    if (pending) storage.setItem(registrationKey, JSON.stringify(pending));
    else storage.removeItem(registrationKey);
  }

  function enterWith(tokens: TokenResponse): void {
    access.use(tokens);
    enter(tokens.userId);
  }

  function enter(id: string): void {
    userId.value = id;
    state.value = 'in';
  }

  return {
    state,
    userId,
    erased,
    bootProblem,
    registration,
    typedEmail,
    waitingLogin,
    boot,
    login,
    loginWithCode,
    stopWaiting: () => (waitingLogin.value = undefined),
    register,
    confirm,
    logout,
    erase,
    startOver: () => keep(undefined),
  };
});

function readRegistration(storage: Storage): Registration | undefined {
  try {
    return registrationSchema.parse(JSON.parse(storage.getItem(registrationKey) ?? 'null'));
  } catch {
    return undefined;
  }
}

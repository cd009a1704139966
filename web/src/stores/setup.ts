import type {
  CodeComparisonRequest,
  ConnectWhatsAppRequest,
  Credential,
  PasskeyAnswer,
  WhatsAppStatus,
} from '@top-active/core/contracts';
import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { ApiProblem, asProblem } from '../api/problem.ts';
import { useServices } from '../services.ts';
import { readInTurn } from './read-in-turn.ts';
import { useSessionStore } from './session.ts';

/** The three things that a person connects: OpenAI key, Google Calendar, WhatsApp. */
export const useSetupStore = defineStore('setup', () => {
  const { api, local } = useServices();
  const credentials = ref<Credential[]>();
  const whatsapp = ref<WhatsAppStatus>();
  const problem = ref<ApiProblem>();
  const session = useSessionStore();
  /** What this page has begun itself; before that, what this browser remembers of this user. */
  const begunHere = ref<{ userId: string; attempt: string }>();

  const openAi = computed(() => credentials.value?.find(({ provider }) => provider === 'openai'));
  const google = computed(() => credentials.value?.find(({ provider }) => provider === 'google'));
  const steps = computed(() => ({
    openAi: openAi.value?.state === 'valid' && !openAi.value.problem,
    google: google.value?.state === 'valid',
    whatsapp: whatsapp.value?.state === 'linked' || whatsapp.value?.state === 'reconnecting',
  }));
  const done = computed(() => Object.values(steps.value).filter(Boolean).length);

  /** The running attempt to link was begun in this browser. */
  const isOwnAttempt = computed(() => {
    const { userId } = session;
    if (userId === undefined) return false;
    const own = begunHere.value?.userId === userId ? begunHere.value.attempt : local.getItem(ownAttemptKey(userId));
    return String(whatsapp.value?.attempt) === own;
  });

  const loadCredentials = readInTurn(() =>
    guarded(async () => {
      credentials.value = (await api.credentials.list()).items;
    }),
  );

  const loadWhatsApp = readInTurn(() =>
    guarded(async () => {
      whatsapp.value = await api.whatsapp.get();
    }),
  );

  async function load(): Promise<void> {
    await Promise.all([loadCredentials(), loadWhatsApp()]);
  }

  async function guarded(task: () => Promise<void>): Promise<void> {
    try {
      await task();
      problem.value = undefined;
    } catch (error) {
      problem.value = asProblem(error);
    }
  }

  /** @throws ApiProblem openai_key_invalid, openai_key_unusable, openai_unreachable */
  async function putOpenAiKey(key: string): Promise<void> {
    await api.credentials.putOpenAi(key);
    await loadCredentials();
  }

  async function removeOpenAiKey(): Promise<void> {
    await api.credentials.removeOpenAi();
    await loadCredentials();
  }

  /** @returns the address of Google's consent page */
  async function googleConsentUrl(): Promise<string> {
    return (await api.google.connect()).url;
  }

  async function disconnectGoogle(): Promise<void> {
    await api.google.disconnect();
    await loadCredentials();
  }

  function noteOwnAttempt({ attempt = 0 }: WhatsAppStatus): void {
    const { userId } = session;
    if (userId === undefined) return;
    begunHere.value = { userId, attempt: String(attempt) };
    local.setItem(ownAttemptKey(userId), begunHere.value.attempt);
  }

  /** Somebody else's attempt (another tab) is as good as ours: the state on the screen tells how it goes. */
  async function connectWhatsApp(request: ConnectWhatsAppRequest = {}): Promise<void> {
    try {
      noteOwnAttempt(await api.whatsapp.connect(request));
    } catch (error) {
      if (!(error instanceof ApiProblem) || !alreadyUnderWay.has(error.code)) throw error;
    }
    await loadWhatsApp();
  }

  /**
   * @param phone international digits
   * @throws ApiProblem
   */
  async function pairByCode(phone: string, request: ConnectWhatsAppRequest = {}): Promise<void> {
    noteOwnAttempt(await api.whatsapp.pairByCode({ ...request, phone: `+${phone}` }));
    await loadWhatsApp();
  }

  async function pairByQr(): Promise<void> {
    await api.whatsapp.pairByQr();
    await loadWhatsApp();
  }

  async function disconnectWhatsApp(): Promise<void> {
    await api.whatsapp.disconnect();
    await loadWhatsApp();
  }

  /** @throws ApiProblem passkey_request_gone, passkey_invalid */
  async function answerPasskey(requestId: string, answer: PasskeyAnswer): Promise<void> {
    whatsapp.value = await api.whatsapp.answerPasskey(requestId, answer);
  }

  /** @throws ApiProblem passkey_request_gone */
  async function compareCode(comparison: CodeComparisonRequest): Promise<void> {
    await api.whatsapp.compareCode(comparison);
  }

  return {
    credentials,
    whatsapp,
    problem,
    openAi,
    google,
    steps,
    done,
    load,
    loadCredentials,
    loadWhatsApp,
    putOpenAiKey,
    removeOpenAiKey,
    googleConsentUrl,
    disconnectGoogle,
    connectWhatsApp,
    pairByCode,
    pairByQr,
    disconnectWhatsApp,
    answerPasskey,
    compareCode,
    isOwnAttempt,
  };
});

/**
 * Where this browser remembers which attempt to link it began. Attempts are numbered per user, and several people may
 * use one browser.
 */
const ownAttemptKey = (userId: string) => `top-active:linking-attempt:${userId}`;

const alreadyUnderWay = new Set<string>(['whatsapp_already_connecting', 'whatsapp_already_linked']);
